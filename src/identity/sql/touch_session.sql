-- A person acted; $1 token hash, $2 now.
UPDATE session SET last_active_at = $2 WHERE token_hash = $1 AND ended_at IS NULL AND last_active_at < $2
