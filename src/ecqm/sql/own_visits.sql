-- Visits at the practice; $1 organization
SELECT patient_id, visit_id, visit_date, modality
FROM practice_visit
WHERE organization_id = $1
ORDER BY patient_id, visit_date, visit_id
