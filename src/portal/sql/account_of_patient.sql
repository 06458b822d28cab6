-- The living account of a patient; $1 organization, $2 patient
SELECT organization_id, account_id, patient_id, display_name, language, password_hash, totp_secret, totp_candidate, totp_step,
  failed_attempts, created_at, ended_at, ended_because, version
FROM portal_account WHERE organization_id = $1 AND patient_id = $2 AND ended_at IS NULL
