-- $1 hash, $2 now, $3 why
UPDATE portal_session SET ended_at = $2, ended_because = $3 WHERE token_hash = $1 AND ended_at IS NULL
