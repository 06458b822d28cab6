-- Practice visits of a patient; $1 organization, $2 patient
SELECT visit_id, visit_date, provider_category, billing_codes, modality FROM practice_visit
WHERE organization_id = $1 AND patient_id = $2
ORDER BY visit_date, visit_id
