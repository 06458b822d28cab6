-- Coverage; $1 organization
SELECT patient_id, payer_category, start_date, end_date
FROM coverage
WHERE organization_id = $1
