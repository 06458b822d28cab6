-- A patient's identifiers of other systems; $1 organization, $2 patient
SELECT system, value FROM patient_identifier WHERE organization_id = $1 AND patient_id = $2 ORDER BY system, value
