-- A message to send, unless it is there; $1 organization, then the columns in order
INSERT INTO message_out (organization_id, message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent, state, attempts, attempts_before, queued_at, next_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING
