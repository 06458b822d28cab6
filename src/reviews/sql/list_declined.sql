-- Recommendations that were declined since a day; $1 organization, $2 that day
SELECT patient_id, recommendation_id, answered_date, to_role FROM recommendation
WHERE organization_id = $1 AND state = 'declined' AND answered_date >= $2
ORDER BY answered_date, recommendation_id
