-- A patient's name, for the place where a page ended; $1 organization, $2 patient
SELECT family_name, given_name FROM patient WHERE organization_id = $1 AND patient_id = $2
