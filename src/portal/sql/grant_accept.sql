-- $1 organization, $2 patient, $3 grant, $4 account, $5 now
UPDATE trusted_grant SET account_id = $4, accepted_at = $5, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3 AND accepted_at IS NULL AND ended_at IS NULL
