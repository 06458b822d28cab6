-- Who was reviewed in a session, in that order; $1 organization, $2 session
SELECT patient_id, review_id FROM review
WHERE organization_id = $1 AND session_id = $2 ORDER BY signed_at NULLS LAST, review_id
