-- Messages in a state, newest first, before one of them; $1 organization, $2 state, $3 and $4 its time and id, $5 how many
SELECT message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent, state, attempts, attempts_before, queued_at, next_at, ended_at FROM message_out
WHERE organization_id = $1 AND state = $2 AND queued_at <= $3 AND (queued_at < $3 OR message_id < $4)
ORDER BY queued_at DESC, message_id DESC LIMIT $5
