-- A new account; $1 to $8 organization, account, patient, name, language, password hash, TOTP secret, now
INSERT INTO portal_account (organization_id, account_id, patient_id, display_name, language, password_hash, totp_secret, totp_step,
  failed_attempts, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, 1)
