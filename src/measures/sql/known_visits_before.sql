-- Visits at the practice that said something else then, the next change first; $1 organization, $2 when, $3 its day
SELECT patient_id, visit_date, provider_category, modality, billing_codes, visit_id
FROM practice_visit_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR (known_from IS NULL AND visit_date <= $3))
ORDER BY known_until
