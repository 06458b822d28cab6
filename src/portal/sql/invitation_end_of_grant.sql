-- $1 organization, $2 patient, $3 grant, $4 now, $5 why
UPDATE portal_invitation SET ended_at = $4, ended_because = $5
WHERE organization_id = $1 AND patient_id = $2 AND grant_id = $3 AND accepted_at IS NULL AND ended_at IS NULL
