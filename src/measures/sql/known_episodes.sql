-- Episodes that were known; $1 organization, $2 when
SELECT patient_id, episode_id, enrolled_date, closed_date, close_reason, primary_instrument, primary_condition
FROM episode
WHERE organization_id = $1 AND created_at <= $2
