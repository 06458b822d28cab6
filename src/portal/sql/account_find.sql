-- One account; $1 organization, $2 account
SELECT organization_id, account_id, patient_id, display_name, language, password_hash, totp_secret, totp_candidate, totp_step,
  failed_attempts, created_at, ended_at, ended_because, version
FROM portal_account WHERE organization_id = $1 AND account_id = $2
