-- $1 organization, $2 account, $3 wrong passwords in a row
UPDATE portal_account SET failed_attempts = $3 WHERE organization_id = $1 AND account_id = $2
