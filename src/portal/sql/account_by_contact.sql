-- The living account with this address; $1 organization, $2 address, folded
SELECT a.organization_id, a.account_id, a.patient_id, a.display_name, a.language, a.password_hash, a.totp_secret, a.totp_candidate,
  a.totp_step, a.failed_attempts, a.created_at, a.ended_at, a.ended_because, a.version
FROM portal_contact c JOIN portal_account a ON a.organization_id = c.organization_id AND a.account_id = c.account_id
WHERE c.organization_id = $1 AND c.address_folded = $2 AND a.ended_at IS NULL
