-- Coded conditions; $1 organization
SELECT patient_id, condition_id, code, code_system, clinical_status, onset_date, ended_date, recorded_date
FROM patient_condition
WHERE organization_id = $1 AND code IS NOT NULL
ORDER BY patient_id, condition_id
