-- $1 organization, $2 patient, $3 grant, $4 now, $5 who ends it, $6 why
UPDATE trusted_grant SET ended_at = $4, ended_by = $5, ended_because = $6, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3 AND ended_at IS NULL
