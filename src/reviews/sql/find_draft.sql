-- What a reviewer has typed and not signed; $1 organization, $2 patient, $3 reviewer, $4 session (nil: none)
SELECT content, saved_at, version FROM review_draft
WHERE organization_id = $1 AND patient_id = $2 AND reviewer_id = $3 AND session_id = $4
