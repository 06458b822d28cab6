-- Advice that said something else then, the next change first; $1 organization, $2 when
SELECT patient_id, review_id, kind, state, answered_date, done_date, recommendation_id
FROM recommendation_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR known_from IS NULL)
ORDER BY known_until
