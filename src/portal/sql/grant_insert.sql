-- $1 organization, then the columns in order
INSERT INTO trusted_grant (organization_id, patient_id, grant_id, kind, name, relationship, channel, address, address_folded, language,
  scopes, part2, invited_by_account, invited_by_user, wish, invited_at, agreed_at, expires_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, 1)
