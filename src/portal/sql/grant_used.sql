-- $1 organization, $2 patient, $3 grant, $4 now
UPDATE trusted_grant SET last_used_at = $4 WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3
