-- Messages of all organizations that were queued before a time and have not ended, for the look after lost ones; $1 time, $2 at most
SELECT organization_id, message_id, attempts_before FROM message_out
WHERE ended_at IS NULL AND queued_at < $1 ORDER BY queued_at LIMIT $2
