-- Case reviews; $1 organization, $2 first and $3 last patient
SELECT patient_id, review_id, review_date, recommendation_documented, session_id
FROM review
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
