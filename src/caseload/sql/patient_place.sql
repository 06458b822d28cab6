-- Where a patient belongs; $1 organization, $2 patient
SELECT site_id FROM patient WHERE organization_id = $1 AND patient_id = $2
