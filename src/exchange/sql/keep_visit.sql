-- A row as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO practice_visit_before (organization_id, patient_id, visit_id, known_until, known_from, visit_date, provider_category, billing_codes, modality)
SELECT organization_id, patient_id, visit_id, $4, recorded_at, visit_date, provider_category, billing_codes, modality FROM practice_visit
WHERE organization_id = $1 AND patient_id = $2 AND visit_id = $3
ON CONFLICT (organization_id, patient_id, visit_id, known_until) DO NOTHING
