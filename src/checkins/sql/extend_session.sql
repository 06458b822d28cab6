-- An answer keeps the cookie alive; $1 organization, $2 check-in, $3 hash, $4 expires
UPDATE check_in_session SET expires_at = $4 WHERE organization_id = $1 AND check_in_id = $2 AND session_hash = $3
