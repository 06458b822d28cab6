-- The dose changes of a treatment as they were known until now, before it is written anew; $1 organization, $2 patient, $3 treatment, $4 now
INSERT INTO treatment_change_before (organization_id, patient_id, change_id, known_until, known_from, treatment_id, change_date)
SELECT organization_id, patient_id, change_id, $4, recorded_at, treatment_id, change_date FROM treatment_change
WHERE organization_id = $1 AND patient_id = $2 AND treatment_id = $3
ON CONFLICT (organization_id, patient_id, change_id, known_until) DO NOTHING
