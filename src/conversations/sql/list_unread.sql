-- Conversations with something unread, newest first; $1 organization, $2 user, $3 how many
SELECT patient_id, unread, unread_mentions, last_message_at, read_until FROM team_reader
WHERE organization_id = $1 AND user_id = $2 AND unread > 0 ORDER BY last_message_at DESC, patient_id LIMIT $3
