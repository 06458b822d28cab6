-- $1 request, $2 purpose, $3 organization, $4 account, $5 challenge, $6 until
INSERT INTO portal_challenge (request_hash, purpose, organization_id, account_id, challenge, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (request_hash) DO UPDATE SET purpose = $2, organization_id = $3, account_id = $4, challenge = $5, expires_at = $6
