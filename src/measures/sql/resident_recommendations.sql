-- What reviews advised; $1 organization, $2 first and $3 last patient
SELECT patient_id, review_id, kind, state, sent_date, answered_date, done_date
FROM recommendation
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND state <> 'draft' AND state <> 'withdrawn'
