-- Advice that was known; of before there was a time of entry: since its review; $1 organization, $2 when
SELECT patient_id, review_id, kind, state, answered_date, done_date, recommendation_id
FROM recommendation
WHERE organization_id = $1 AND (recorded_at <= $2 OR recorded_at IS NULL)
