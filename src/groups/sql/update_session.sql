-- Changes a session if the version is still the one that was edited; $1 organization, $2 group, $3 session, $4 that version, then the columns
UPDATE group_session SET starts_at = $5, ends_at = $6, state = $7, reason = $8, version = version + 1
WHERE organization_id = $1 AND group_id = $2 AND session_id = $3 AND version = $4
