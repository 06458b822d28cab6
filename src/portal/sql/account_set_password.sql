-- $1 organization, $2 account, $3 hash or NULL
UPDATE portal_account SET password_hash = $3, failed_attempts = 0, version = version + 1 WHERE organization_id = $1 AND account_id = $2
