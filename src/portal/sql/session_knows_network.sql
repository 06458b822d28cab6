-- Whether somebody has signed in to the account from there; $1 organization, $2 account, $3 network
SELECT COUNT(*) FROM (SELECT 1 AS found FROM portal_session WHERE organization_id = $1 AND account_id = $2 AND network = $3 LIMIT 1) s
