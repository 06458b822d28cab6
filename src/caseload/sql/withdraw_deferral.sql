-- Takes back what was put off and still is; $1 organization, $2 patient, $3 episode, $4 rule, $5 today, $6 when, $7 who
UPDATE attention_deferral SET withdrawn_at = $6, withdrawn_by = $7
WHERE organization_id = $1 AND patient_id = $2 AND episode_id = $3 AND rule = $4 AND until_date > $5 AND withdrawn_at IS NULL
