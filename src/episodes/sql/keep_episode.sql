-- What an episode's dates were known to be until now, when they will be others; $1 organization, $2 episode, $3 now, $4 version, $5 enrolled, $6 closed, $7 why, $8 primary instrument, $9 primary condition
INSERT INTO episode_before (organization_id, episode_id, known_until, enrolled_date, closed_date, close_reason, primary_instrument, primary_condition)
SELECT organization_id, episode_id, $3, enrolled_date, closed_date, close_reason, primary_instrument, primary_condition FROM episode
WHERE organization_id = $1 AND episode_id = $2 AND version = $4 AND created_at < $3
  AND (enrolled_date IS DISTINCT FROM $5 OR closed_date IS DISTINCT FROM $6 OR close_reason IS DISTINCT FROM $7
    OR primary_instrument IS DISTINCT FROM $8 OR primary_condition IS DISTINCT FROM $9)
ON CONFLICT (organization_id, episode_id, known_until) DO NOTHING
