-- Changes a patient if the version is still the one that was edited; $1 organization, $2 patient, $3 that version, then the columns
UPDATE patient SET given_name = $4, family_name = $5, birth_date = $6, sex = $7, gender_identity = $8, race = $9, ethnicity = $10,
  language = $11, interpreter_needed = $12, preferred_channel = $13, phone = $14, email = $15, postal_code = $16,
  deceased_date = $17, placeholder = $18, site_id = $19, name_folded = $20, updated_at = $21, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND version = $3
