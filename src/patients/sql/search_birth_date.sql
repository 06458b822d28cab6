-- Patients of up to eight sites born on a day, after one of them; $1 organization, $2 and $3 folded name and id to begin after,
-- $4 how many, $5 to $12 sites, $13 birth date
SELECT patient_id, site_id, given_name, family_name, birth_date, sex, gender_identity, race, ethnicity, language, interpreter_needed,
  preferred_channel, phone, email, postal_code, deceased_date, placeholder, labels, version
FROM patient
WHERE organization_id = $1 AND birth_date = $13 AND name_folded >= $2 AND (name_folded > $2 OR patient_id > $3)
  AND site_id IN ($5, $6, $7, $8, $9, $10, $11, $12)
ORDER BY name_folded, patient_id LIMIT $4
