-- A page of what a patient wrote down, newest first; $1 organization, $2 patient, $3 and $4 before this day and row, $5 one kind or NULL, $6 how many
SELECT patient_id, log_date, log_id, kind, score, words, pleasure, mastery, treatment_id, taken, bother, labels, logged_by, on_behalf_by, logged_at
FROM patient_log WHERE organization_id = $1 AND patient_id = $2 AND (log_date < $3 OR (log_date = $3 AND log_id < $4))
  AND (kind = $5 OR $5 IS NULL)
ORDER BY log_date DESC, log_id DESC LIMIT $6
