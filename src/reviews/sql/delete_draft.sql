-- The draft was signed or thrown away; $1 organization, $2 patient, $3 reviewer, $4 session
DELETE FROM review_draft WHERE organization_id = $1 AND patient_id = $2 AND reviewer_id = $3 AND session_id = $4
