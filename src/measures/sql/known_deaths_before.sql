-- Dates of death that were changed later, the next change first; $1 organization, $2 when
SELECT patient_id, deceased_date
FROM patient_death_before
WHERE organization_id = $1 AND known_until > $2
ORDER BY known_until
