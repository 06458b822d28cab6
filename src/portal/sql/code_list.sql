-- What a browser may answer with; $1 request
SELECT organization_id, code_id, purpose, account_id, invitation_id, patient_id, channel, address, language, code_hash, made_at, expires_at,
  tries, used_at
FROM portal_code WHERE request_hash = $1 ORDER BY code_id
