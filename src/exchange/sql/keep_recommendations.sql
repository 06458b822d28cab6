-- What a review advised as it was known until now, before the review is written anew; $1 organization, $2 patient, $3 review, $4 now
INSERT INTO recommendation_before (organization_id, patient_id, recommendation_id, known_until, known_from, review_id, kind, state, answered_date, done_date)
SELECT organization_id, patient_id, recommendation_id, $4, recorded_at, review_id, kind, state, answered_date, done_date FROM recommendation
WHERE organization_id = $1 AND patient_id = $2 AND review_id = $3
ON CONFLICT (organization_id, patient_id, recommendation_id, known_until) DO NOTHING
