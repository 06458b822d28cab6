-- $1 request
SELECT purpose, account_id, challenge, expires_at FROM portal_challenge WHERE request_hash = $1
