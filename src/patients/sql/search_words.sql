-- Patients of up to eight sites with a name word that begins in a certain way, after one of them; $1 organization, $2 and $3
-- folded name and id to begin after, $4 how many, $5 to $12 sites, $13 and $14 lowest and highest text of the word
SELECT p.patient_id, p.site_id, p.given_name, p.family_name, p.birth_date, p.sex, p.gender_identity, p.race, p.ethnicity, p.language, p.interpreter_needed,
  p.preferred_channel, p.phone, p.email, p.postal_code, p.deceased_date, p.placeholder, p.labels, p.version
FROM patient p
WHERE p.organization_id = $1
  AND p.patient_id IN (SELECT w.patient_id FROM patient_name_word w
    WHERE w.organization_id = $1 AND w.word >= $13 AND w.word <= $14)
  AND p.name_folded >= $2 AND (p.name_folded > $2 OR p.patient_id > $3)
  AND p.site_id IN ($5, $6, $7, $8, $9, $10, $11, $12)
ORDER BY p.name_folded, p.patient_id LIMIT $4
