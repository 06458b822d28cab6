-- One case review of a patient; $1 organization, $2 patient, $3 review
SELECT patient_id, review_date, review_id, reviewer_id, reviewer_name, question, recommendation_documented, source, version, session_id, notes, signed_at
FROM review WHERE organization_id = $1 AND patient_id = $2 AND review_id = $3
