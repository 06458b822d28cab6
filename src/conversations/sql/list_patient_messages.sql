-- Messages of a thread, newest first; $1 organization, $2 patient, $3 thread, $4 messages before this one, $5 how many
SELECT thread_id, message_id, sent_at, author_kind, author_id, author_role, on_behalf_by, words, read_at, read_by, read_role
FROM patient_message WHERE organization_id = $1 AND patient_id = $2 AND thread_id = $3 AND message_id < $4
ORDER BY message_id DESC LIMIT $5
