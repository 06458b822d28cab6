-- Sessions not ended; $1 organization, $2 user. Columns: token hash, created, last active.
SELECT token_hash, created_at, last_active_at FROM session WHERE organization_id = $1 AND user_id = $2 AND ended_at IS NULL
ORDER BY created_at DESC
