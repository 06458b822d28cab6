-- A new question; $1 organization, then the columns in order
INSERT INTO review_question (organization_id, patient_id, question_id, question, urgency, asked_by, asked_role, asked_at, asked_date, to_user_id, state, review_id, ended_at, withdraw_reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
