-- One message; $1 organization, $2 patient, $3 message
SELECT message_id, written_at, author_id, author_role, words, labels, treating_only, corrects_id, replaced_by_id
FROM team_message WHERE organization_id = $1 AND patient_id = $2 AND message_id = $3
