-- $1 to $10 the columns in order
INSERT INTO portal_invitation (organization_id, patient_id, invitation_id, grant_id, token_hash, channel, address, made_by_user, made_at,
  expires_at, tries)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
