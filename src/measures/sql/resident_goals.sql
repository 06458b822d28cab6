-- Goals made here; $1 organization, $2 first and $3 last patient
SELECT patient_id, status, status_date, start_date, until_date
FROM goal
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND status <> 'imported'
