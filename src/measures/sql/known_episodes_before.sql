-- Dates of episodes that were changed later, the next change first; $1 organization, $2 when
SELECT episode_id, enrolled_date, closed_date, close_reason, primary_instrument, primary_condition
FROM episode_before
WHERE organization_id = $1 AND known_until > $2
ORDER BY known_until
