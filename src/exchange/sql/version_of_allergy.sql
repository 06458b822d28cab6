-- Version of a row that may be there already; $1 organization, $2 patient, $3 id
SELECT version FROM patient_allergy
WHERE organization_id = $1 AND patient_id = $2 AND allergy_id = $3
