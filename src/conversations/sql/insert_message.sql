-- A new message; $1 organization, $2 patient, then the columns in order
INSERT INTO team_message (organization_id, patient_id, message_id, written_at, author_id, author_role, words, labels, treating_only, corrects_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
