-- $1 organization, $2 patient, $3 invitation, $4 now
UPDATE portal_invitation SET accepted_at = $4
WHERE organization_id = $1 AND patient_id = $2 AND invitation_id = $3 AND accepted_at IS NULL AND ended_at IS NULL
