-- Case reviews that were known; of before there was a time of entry: since their day; $1 organization, $2 when, $3 its day
SELECT patient_id, review_date, recommendation_documented, review_id
FROM review
WHERE organization_id = $1 AND (recorded_at <= $2 OR (recorded_at IS NULL AND review_date <= $3))
