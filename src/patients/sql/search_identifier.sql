-- Patients of up to eight sites with an identifier of any system; $1 organization, $2 value, $3 how many, $4 to $11 sites
SELECT DISTINCT p.patient_id, p.site_id, p.given_name, p.family_name, p.birth_date, p.sex, p.gender_identity, p.race, p.ethnicity, p.language, p.interpreter_needed,
  p.preferred_channel, p.phone, p.email, p.postal_code, p.deceased_date, p.placeholder, p.labels, p.version, p.name_folded
FROM patient_identifier i JOIN patient p ON p.organization_id = i.organization_id AND p.patient_id = i.patient_id
WHERE i.organization_id = $1 AND i.value = $2 AND p.site_id IN ($4, $5, $6, $7, $8, $9, $10, $11)
ORDER BY p.name_folded, p.patient_id LIMIT $3
