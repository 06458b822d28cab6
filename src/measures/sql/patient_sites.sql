-- Where each patient is; $1 organization
SELECT patient_id, site_id
FROM patient
WHERE organization_id = $1
