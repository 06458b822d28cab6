-- $1 organization, $2 patient, $3 grant, $4 version seen, $5 scopes, $6 part 2, $7 until, $8 now
UPDATE trusted_grant SET scopes = $5, part2 = $6, expires_at = $7, agreed_at = $8, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3 AND version = $4 AND ended_at IS NULL
