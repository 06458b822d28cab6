-- $1 organization, $2 account, $3 passkey, $4 now
UPDATE portal_passkey SET removed_at = $4
WHERE organization_id = $1 AND account_id = $2 AND passkey_id = $3 AND removed_at IS NULL
