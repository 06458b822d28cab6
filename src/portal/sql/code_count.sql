-- How many codes an account was sent since an instant, and how many from one network; $1 organization, $2 account, $3 since, $4 network
SELECT COUNT(*), COUNT(CASE WHEN network = $4 THEN 1 END) FROM portal_code
WHERE organization_id = $1 AND account_id = $2 AND made_at > $3
