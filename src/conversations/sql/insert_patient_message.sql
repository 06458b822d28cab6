-- A new message; $1 organization, $2 patient, then the columns in order
INSERT INTO patient_message (organization_id, patient_id, thread_id, message_id, sent_at, author_kind, author_id, author_role, on_behalf_by, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
