-- Case reviews of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, review_id, review_date, recommendation_to, recommendation_state, answered_date, done_date
FROM review
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
ORDER BY patient_id
