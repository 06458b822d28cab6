-- The date of death as it was known until now, when it will be another one; $1 organization, $2 patient, $3 now, $4 version, $5 the new one
INSERT INTO patient_death_before (organization_id, patient_id, known_until, deceased_date)
SELECT organization_id, patient_id, $3, deceased_date FROM patient
WHERE organization_id = $1 AND patient_id = $2 AND version = $4 AND created_at < $3 AND deceased_date IS DISTINCT FROM $5
ON CONFLICT (organization_id, patient_id, known_until) DO NOTHING
