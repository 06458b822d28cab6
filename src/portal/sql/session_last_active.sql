-- $1 organization, $2 account
SELECT last_active_at FROM portal_session WHERE organization_id = $1 AND account_id = $2 ORDER BY last_active_at DESC LIMIT 1
