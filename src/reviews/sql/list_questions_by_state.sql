-- Questions in one state, oldest first, after one of them; $1 organization, $2 state, $3 and $4 time and id to begin after, $5 how many
SELECT patient_id, question_id, question, urgency, asked_by, asked_role, asked_at, asked_date, to_user_id, state, review_id, ended_at, withdraw_reason, version
FROM review_question
WHERE organization_id = $1 AND state = $2 AND asked_at >= $3 AND (asked_at > $3 OR question_id > $4)
ORDER BY asked_at, question_id LIMIT $5
