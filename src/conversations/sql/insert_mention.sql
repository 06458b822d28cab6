-- Somebody is mentioned; $1 organization, $2 patient, $3 message, $4 who
INSERT INTO team_mention (organization_id, patient_id, message_id, user_id) VALUES ($1, $2, $3, $4)
