-- A patient's treatment trials, newest first; $1 organization, $2 patient
SELECT patient_id, treatment_id, kind, name, code, dose, start_date, stop_date, stop_reason, source, version, recommendation_id
FROM treatment WHERE organization_id = $1 AND patient_id = $2 ORDER BY start_date DESC, treatment_id DESC
