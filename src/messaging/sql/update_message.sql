-- How far a message is, if it has not ended; $1 organization, $2 message, $3 state, $4 attempts, $5 next at
UPDATE message_out SET state = $3, attempts = $4, next_at = $5
WHERE organization_id = $1 AND message_id = $2 AND ended_at IS NULL
