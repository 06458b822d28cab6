-- Every patient of an organization, for an export; $1 organization
SELECT patient_id FROM patient
WHERE organization_id = $1
ORDER BY patient_id
