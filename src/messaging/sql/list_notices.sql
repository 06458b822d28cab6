-- A person's notices, newest first, before one of them; $1 organization, $2 user, $3 and $4 its time and id, $5 how many
SELECT notice_id, kind, patient_id, object_id, urgent, made_at, read_at FROM notice
WHERE organization_id = $1 AND user_id = $2 AND made_at <= $3 AND (made_at < $3 OR notice_id < $4)
ORDER BY made_at DESC, notice_id DESC LIMIT $5
