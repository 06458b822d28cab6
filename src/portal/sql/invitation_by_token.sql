-- $1 hash
SELECT patient_id, invitation_id, grant_id, channel, address, made_by_user, made_at, expires_at, tries, accepted_at, ended_at, ended_because, organization_id
FROM portal_invitation WHERE token_hash = $1
