-- $1 organization, $2 account, $3 now
UPDATE portal_passkey SET removed_at = $3 WHERE organization_id = $1 AND account_id = $2 AND removed_at IS NULL
