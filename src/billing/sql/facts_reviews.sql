-- Reviews with a documented recommendation of a range of patients on some days; $1 organization, $2 first patient, $3 last patient, $4 first day, $5 last day
SELECT patient_id, review_date FROM review
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND review_date >= $4 AND review_date <= $5 AND recommendation_documented
