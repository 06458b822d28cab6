-- Who is mentioned in the messages from one to another; $1 organization, $2 patient, $3 first, $4 last
SELECT message_id, user_id FROM team_mention
WHERE organization_id = $1 AND patient_id = $2 AND message_id >= $3 AND message_id <= $4 ORDER BY message_id, user_id
