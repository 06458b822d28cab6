-- Removes a patient's outside identifiers before they are written anew; $1 organization, $2 patient
DELETE FROM patient_identifier WHERE organization_id = $1 AND patient_id = $2
