-- Every open invitation for the patient's own account; $1 organization, $2 patient, $3 now, $4 why
UPDATE portal_invitation SET ended_at = $3, ended_because = $4
WHERE organization_id = $1 AND patient_id = $2 AND grant_id IS NULL AND accepted_at IS NULL AND ended_at IS NULL
