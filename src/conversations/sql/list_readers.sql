-- Who follows a patient's conversation; $1 organization, $2 patient
SELECT user_id FROM team_reader WHERE organization_id = $1 AND patient_id = $2 ORDER BY user_id
