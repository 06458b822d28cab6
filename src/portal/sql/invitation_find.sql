-- $1 organization, $2 patient, $3 invitation
SELECT patient_id, invitation_id, grant_id, channel, address, made_by_user, made_at, expires_at, tries, accepted_at, ended_at, ended_because, organization_id
FROM portal_invitation WHERE organization_id = $1 AND patient_id = $2 AND invitation_id = $3
