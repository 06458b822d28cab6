-- Conditions that said something else then, the next change first; $1 organization, $2 when, $3 its day
SELECT patient_id, code, code_system, onset_date, recorded_date, condition_id
FROM patient_condition_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR (known_from IS NULL AND recorded_date <= $3))
ORDER BY known_until
