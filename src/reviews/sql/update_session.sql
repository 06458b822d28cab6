-- A session after an edit, if the version is still the one that was read; $1 organization, $2 session, $3 that version, then the columns
UPDATE review_session SET session_date = $4, starts_at = $5, minutes = $6, consultant_id = $7, state = $8, note = $9, version = version + 1
WHERE organization_id = $1 AND session_id = $2 AND version = $3
