-- A dead message is queued again; $1 organization, $2 message, $3 now
UPDATE message_out SET state = 'queued', attempts_before = attempts, not_before = $3, next_at = $3, ended_at = NULL
WHERE organization_id = $1 AND message_id = $2 AND state = 'dead'
