-- Changes of dose; $1 organization, $2 first and $3 last patient
SELECT patient_id, change_date
FROM treatment_change
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
