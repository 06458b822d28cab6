-- One patient; $1 organization, $2 patient
SELECT patient_id, site_id, given_name, family_name, birth_date, sex, gender_identity, race, ethnicity, language, interpreter_needed,
  preferred_channel, phone, email, postal_code, deceased_date, placeholder, labels, version
FROM patient WHERE organization_id = $1 AND patient_id = $2
