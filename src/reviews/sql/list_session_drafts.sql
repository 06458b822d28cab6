-- Patients a reviewer has a draft of in a session; $1 organization, $2 reviewer, $3 session
SELECT patient_id FROM review_draft WHERE organization_id = $1 AND reviewer_id = $2 AND session_id = $3
