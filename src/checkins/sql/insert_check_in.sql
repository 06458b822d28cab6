-- A new check-in; $1 organization, then the columns in order
INSERT INTO check_in (organization_id, check_in_id, patient_id, site_id, channel, why, state, language, due_date, token_hash,
  asks_birth_date, made_at, made_by, on_behalf_by, sent_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
