-- A new patient; $1 organization, $2 patient, then the columns in order, $21 folded name, $22 now
INSERT INTO patient (organization_id, patient_id, site_id, given_name, family_name, birth_date, sex, gender_identity, race, ethnicity, language, interpreter_needed,
  preferred_channel, phone, email, postal_code, deceased_date, placeholder, labels, version,
  name_folded, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22)
