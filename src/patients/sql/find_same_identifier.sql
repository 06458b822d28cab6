-- Patients with this identifier; $1 organization, $2 system, $3 value
SELECT patient_id FROM patient_identifier WHERE organization_id = $1 AND system = $2 AND value = $3 ORDER BY patient_id LIMIT 20
