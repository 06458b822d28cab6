-- Treatments; $1 organization
SELECT patient_id, start_date, stop_date
FROM treatment
WHERE organization_id = $1
