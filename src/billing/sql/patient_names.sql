-- What a bill says about a patient; $1 organization, $2 patient
SELECT given_name, family_name, birth_date, sex, postal_code FROM patient WHERE organization_id = $1 AND patient_id = $2
