-- Treatments; $1 organization
SELECT patient_id, treatment_id, kind, name, start_date, stop_date
FROM treatment
WHERE organization_id = $1
ORDER BY patient_id, treatment_id
