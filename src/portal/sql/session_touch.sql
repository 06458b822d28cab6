-- $1 hash, $2 now
UPDATE portal_session SET last_active_at = $2 WHERE token_hash = $1 AND ended_at IS NULL AND last_active_at < $2
