-- $1 organization, $2 account, $3 now, $4 why
UPDATE portal_account SET ended_at = $3, ended_because = $4, password_hash = NULL, totp_secret = NULL, totp_candidate = NULL,
  version = version + 1
WHERE organization_id = $1 AND account_id = $2 AND ended_at IS NULL
