-- Visits at the practice; $1 organization
SELECT patient_id, visit_date, provider_category, modality, billing_codes
FROM practice_visit
WHERE organization_id = $1
