-- Patients who carry an outside identifier, two are enough to know it is not unique; $1 organization, $2 value, $3 system
SELECT patient_id FROM patient_identifier
WHERE organization_id = $1 AND value = $2 AND system = $3
ORDER BY patient_id LIMIT 2
