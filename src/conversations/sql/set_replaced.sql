-- Notes which message corrects this one, unless one does already; $1 organization, $2 patient, $3 message, $4 the correction
UPDATE team_message SET replaced_by_id = $4
WHERE organization_id = $1 AND patient_id = $2 AND message_id = $3 AND replaced_by_id IS NULL
