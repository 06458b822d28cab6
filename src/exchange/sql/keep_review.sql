-- A row as it was known until now, before it is written anew; $1 organization, $2 patient, $3 id, $4 now
INSERT INTO review_before (organization_id, patient_id, review_id, known_until, known_from, review_date, recommendation_documented)
SELECT organization_id, patient_id, review_id, $4, recorded_at, review_date, recommendation_documented FROM review
WHERE organization_id = $1 AND patient_id = $2 AND review_id = $3
ON CONFLICT (organization_id, patient_id, review_id, known_until) DO NOTHING
