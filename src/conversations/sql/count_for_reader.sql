-- A message arrives for a reader, who follows from now on if they did not; $1 organization, $2 user, $3 patient, $4 unread to add,
-- $5 mentions to add, $6 when, $7 the message before it
INSERT INTO team_reader (organization_id, user_id, patient_id, unread, unread_mentions, last_message_at, read_until)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, user_id, patient_id) DO UPDATE SET unread = team_reader.unread + $4,
  unread_mentions = team_reader.unread_mentions + $5, last_message_at = $6
