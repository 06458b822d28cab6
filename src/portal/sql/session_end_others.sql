-- Every living session of the account but one; $1 organization, $2 account, $3 hash to spare, $4 now, $5 why
UPDATE portal_session SET ended_at = $4, ended_because = $5
WHERE organization_id = $1 AND account_id = $2 AND token_hash <> $3 AND ended_at IS NULL
