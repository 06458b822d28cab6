-- Whose cookie this is; $1 its hash
SELECT organization_id, check_in_id, expires_at FROM check_in_session WHERE session_hash = $1
