-- Coverage that said something else then, the next change first; $1 organization, $2 when
SELECT patient_id, payer_category, start_date, end_date, coverage_id
FROM coverage_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR known_from IS NULL)
ORDER BY known_until
