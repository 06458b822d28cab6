-- $1 organization, $2 account
SELECT organization_id, account_id, passkey_id, credential_id, algorithm, public_key, sign_count, name, created_at, last_used_at
FROM portal_passkey WHERE organization_id = $1 AND account_id = $2 AND removed_at IS NULL ORDER BY passkey_id
