-- The last message of every thread of a patient; $1 organization, $2 patient
SELECT thread_id, message_id, sent_at, author_kind, author_id, author_role, on_behalf_by, words, read_at, read_by, read_role
FROM patient_message m WHERE m.organization_id = $1 AND m.patient_id = $2 AND NOT EXISTS (SELECT 1 FROM patient_message n
  WHERE n.organization_id = m.organization_id AND n.patient_id = m.patient_id AND n.thread_id = m.thread_id AND n.message_id > m.message_id)
