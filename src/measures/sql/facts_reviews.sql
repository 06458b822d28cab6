-- Case reviews; $1 organization
SELECT patient_id, review_date, recommendation_documented
FROM review
WHERE organization_id = $1
