-- $1 organization, $2 account, $3 secret, $4 candidate
UPDATE portal_account SET totp_secret = $3, totp_candidate = $4, version = version + 1 WHERE organization_id = $1 AND account_id = $2
