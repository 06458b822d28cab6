-- Changes of dose that said something else then, the next change first; $1 organization, $2 when, $3 its day
SELECT patient_id, change_date, change_id
FROM treatment_change_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR (known_from IS NULL AND change_date <= $3))
ORDER BY known_until
