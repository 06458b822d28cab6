-- A treatment as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO treatment_before (organization_id, patient_id, treatment_id, known_until, known_from, start_date, stop_date)
SELECT organization_id, patient_id, treatment_id, $4, recorded_at, start_date, stop_date FROM treatment
WHERE organization_id = $1 AND patient_id = $2 AND treatment_id = $3
ON CONFLICT (organization_id, patient_id, treatment_id, known_until) DO NOTHING
