-- A coverage period as it was known until now, when it will say something else; $1 organization, $2 patient, $3 coverage, $4 now, $5 version, $6 payer category, $7 start, $8 end
INSERT INTO coverage_before (organization_id, patient_id, coverage_id, known_until, known_from, payer_category, start_date, end_date)
SELECT organization_id, patient_id, coverage_id, $4, recorded_at, payer_category, start_date, end_date FROM coverage
WHERE organization_id = $1 AND patient_id = $2 AND coverage_id = $3 AND version = $5
  AND (payer_category <> $6 OR start_date <> $7 OR end_date IS DISTINCT FROM $8)
ON CONFLICT (organization_id, patient_id, coverage_id, known_until) DO NOTHING
