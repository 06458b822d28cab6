-- A wrong birth date; $1 organization, $2 patient, $3 invitation
UPDATE portal_invitation SET tries = tries + 1 WHERE organization_id = $1 AND patient_id = $2 AND invitation_id = $3
