-- Begin and end of treatments; $1 organization, $2 first and $3 last patient
SELECT patient_id, start_date, stop_date
FROM treatment
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
