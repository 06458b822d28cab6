-- $1 organization, $2 account, $3 language
UPDATE portal_account SET language = $3, version = version + 1 WHERE organization_id = $1 AND account_id = $2
