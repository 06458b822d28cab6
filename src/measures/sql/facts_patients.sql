-- Patients; $1 organization
SELECT patient_id, birth_date, deceased_date
FROM patient
WHERE organization_id = $1
