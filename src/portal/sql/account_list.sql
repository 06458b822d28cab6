-- Accounts of an organization, newest first; $1 organization, $2 those older than this id, $3 how many
SELECT organization_id, account_id, patient_id, display_name, language, password_hash, totp_secret, totp_candidate, totp_step,
  failed_attempts, created_at, ended_at, ended_because, version
FROM portal_account WHERE organization_id = $1 AND account_id < $2 ORDER BY account_id DESC LIMIT $3
