-- Coverage; $1 organization, $2 first and $3 last patient
SELECT patient_id, payer_category, start_date, end_date
FROM coverage
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
