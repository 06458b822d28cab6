-- One message; $1 organization, $2 message
SELECT message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent, state, attempts, attempts_before, queued_at, next_at, ended_at FROM message_out WHERE organization_id = $1 AND message_id = $2
