-- Where a patient stands in lists by name; $1 organization, $2 patient
SELECT name_folded FROM patient WHERE organization_id = $1 AND patient_id = $2
