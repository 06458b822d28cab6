-- A patient's case reviews, newest first; $1 organization, $2 patient
SELECT patient_id, review_date, review_id, reviewer_id, reviewer_name, question, recommendation_documented, source, version, session_id, notes, signed_at
FROM review WHERE organization_id = $1 AND patient_id = $2 ORDER BY review_date DESC, review_id DESC
