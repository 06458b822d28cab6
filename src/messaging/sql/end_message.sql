-- A message is sent or given up, and forgets what leads somewhere; $1 organization, $2 message, $3 state, $4 attempts, $5 ended at
UPDATE message_out SET state = $3, attempts = $4, next_at = NULL, ended_at = $5, link_path = NULL, code = NULL
WHERE organization_id = $1 AND message_id = $2 AND ended_at IS NULL
