-- $1 organization, $2 account, $3 passkey, $4 counter, $5 now
UPDATE portal_passkey SET sign_count = $4, last_used_at = $5
WHERE organization_id = $1 AND account_id = $2 AND passkey_id = $3
