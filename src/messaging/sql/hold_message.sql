-- A message waits until a time, with a new set of attempts; $1 organization, $2 message, $3 not before, $4 attempts so far
UPDATE message_out SET state = 'queued', not_before = $3, next_at = $3, attempts = $4, attempts_before = $4
WHERE organization_id = $1 AND message_id = $2 AND ended_at IS NULL
