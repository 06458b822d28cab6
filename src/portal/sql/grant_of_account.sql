-- $1 organization, $2 account
SELECT patient_id, grant_id, kind, account_id, name, relationship, channel, address, language, scopes, part2, invited_by_account,
  invited_by_user, wish, invited_at, agreed_at, accepted_at, expires_at, last_used_at, ended_at, ended_by, ended_because, version
FROM trusted_grant WHERE organization_id = $1 AND account_id = $2 AND ended_at IS NULL ORDER BY grant_id DESC LIMIT 50
