-- $1 hash
SELECT token_hash, organization_id, account_id, grant_id, method, network, created_at, proved_at, last_active_at, ended_at
FROM portal_session WHERE token_hash = $1
