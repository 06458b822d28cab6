-- The newest message; $1 organization, $2 patient
SELECT message_id FROM team_message WHERE organization_id = $1 AND patient_id = $2 ORDER BY message_id DESC LIMIT 1
