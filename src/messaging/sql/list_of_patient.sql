-- Messages to a patient, newest first, before one of them; $1 organization, $2 patient, $3 and $4 its time and id, $5 how many
SELECT message_id, notice_id, user_id, kind, object_id, channel, address, language, urgent, state, attempts, attempts_before, queued_at, next_at, ended_at, patient_id, not_before, clinic, link_path, page_path, code, ignores_quiet_hours, own_address, may_fall_back, instead_of_id, delivery, delivery_at, delivery_code FROM message_out
WHERE organization_id = $1 AND patient_id = $2 AND queued_at <= $3 AND (queued_at < $3 OR message_id < $4)
ORDER BY queued_at DESC, message_id DESC LIMIT $5
