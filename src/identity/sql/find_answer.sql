-- What a key was answered; $1 organization, $2 user, $3 key. Columns: digest, status, location, version, body.
SELECT request_digest, status, location, version, body FROM idempotency_key
WHERE organization_id = $1 AND user_id = $2 AND idempotency_key = $3
