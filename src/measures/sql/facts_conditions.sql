-- Coded conditions; $1 organization
SELECT patient_id, code, code_system, onset_date, recorded_date
FROM patient_condition
WHERE organization_id = $1 AND code IS NOT NULL AND code_system IS NOT NULL
