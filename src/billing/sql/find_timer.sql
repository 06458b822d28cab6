-- A person's running clock; $1 organization, $2 user
SELECT patient_id, activity, note, started_at FROM running_timer WHERE organization_id = $1 AND user_id = $2
