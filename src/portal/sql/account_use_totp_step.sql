-- Takes a step's code, once; $1 organization, $2 account, $3 step
UPDATE portal_account SET totp_step = $3 WHERE organization_id = $1 AND account_id = $2 AND totp_step < $3
