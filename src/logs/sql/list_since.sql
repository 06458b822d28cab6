-- What a patient wrote down since a day, newest first; $1 organization, $2 patient, $3 day
SELECT patient_id, log_date, log_id, kind, score, words, pleasure, mastery, treatment_id, taken, bother, labels, logged_by, on_behalf_by, logged_at
FROM patient_log WHERE organization_id = $1 AND patient_id = $2 AND log_date >= $3 ORDER BY log_date DESC, log_id DESC
