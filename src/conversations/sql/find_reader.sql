-- What somebody has read of a conversation; $1 organization, $2 user, $3 patient
SELECT patient_id, unread, unread_mentions, last_message_at, read_until FROM team_reader
WHERE organization_id = $1 AND user_id = $2 AND patient_id = $3
