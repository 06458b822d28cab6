-- Questions about a patient, newest first; $1 organization, $2 patient
SELECT patient_id, question_id, question, urgency, asked_by, asked_role, asked_at, asked_date, to_user_id, state, review_id, ended_at, withdraw_reason, version
FROM review_question WHERE organization_id = $1 AND patient_id = $2 ORDER BY asked_at DESC, question_id DESC
