-- A later save, if the version is still the one that was read; $1 organization, $2 patient, $3 reviewer, $4 session, $5 that version, $6 content, $7 now
UPDATE review_draft SET content = $6, saved_at = $7, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND reviewer_id = $3 AND session_id = $4 AND version = $5
