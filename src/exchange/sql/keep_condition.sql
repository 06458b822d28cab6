-- A condition as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO patient_condition_before (organization_id, patient_id, condition_id, known_until, known_from, code, code_system, onset_date, recorded_date)
SELECT organization_id, patient_id, condition_id, $4, recorded_at, code, code_system, onset_date, recorded_date FROM patient_condition
WHERE organization_id = $1 AND patient_id = $2 AND condition_id = $3
ON CONFLICT (organization_id, patient_id, condition_id, known_until) DO NOTHING
