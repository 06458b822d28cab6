-- $1 organization, $2 account, $3 passkey, $4 credential, $5 algorithm, $6 public key, $7 counter, $8 name, $9 now
INSERT INTO portal_passkey (organization_id, account_id, passkey_id, credential_id, algorithm, public_key, sign_count, name, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
