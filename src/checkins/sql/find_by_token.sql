-- Whose link this is; $1 hash of its secret
SELECT organization_id, check_in_id FROM check_in WHERE token_hash = $1
