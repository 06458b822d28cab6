-- The birth date as it was known until now, when it will be another one; $1 organization, $2 patient, $3 now, $4 version, $5 the new one
INSERT INTO patient_before (organization_id, patient_id, known_until, birth_date)
SELECT organization_id, patient_id, $3, birth_date FROM patient
WHERE organization_id = $1 AND patient_id = $2 AND version = $4 AND created_at < $3 AND birth_date IS DISTINCT FROM $5
ON CONFLICT (organization_id, patient_id, known_until) DO NOTHING
