-- $1 request, $2 organization, $3 code, $4 purpose, $5 account, $6 invitation, $7 patient, $8 channel, $9 address, $10 language,
-- $11 code's hash, $12 network, $13 now, $14 until
INSERT INTO portal_code (request_hash, organization_id, code_id, purpose, account_id, invitation_id, patient_id, channel, address,
  language, code_hash, network, made_at, expires_at, tries)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)
