-- $1 credential
SELECT organization_id, account_id, passkey_id, credential_id, algorithm, public_key, sign_count, name, created_at, last_used_at
FROM portal_passkey WHERE credential_id = $1 AND removed_at IS NULL
