-- A row as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO coverage_before (organization_id, patient_id, coverage_id, known_until, known_from, payer_category, start_date, end_date)
SELECT organization_id, patient_id, coverage_id, $4, recorded_at, payer_category, start_date, end_date FROM coverage
WHERE organization_id = $1 AND patient_id = $2 AND coverage_id = $3
ON CONFLICT (organization_id, patient_id, coverage_id, known_until) DO NOTHING
