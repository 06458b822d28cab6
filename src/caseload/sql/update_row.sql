-- Brings a patient's row up to date; $1 organization, $2 patient, $3 care manager, $4 bucket, $5 episode, $6 site, $7 state, $8 name key, $9 triggers, $10 body
UPDATE caseload_row SET care_manager_id = $3, bucket = $4, episode_id = $5, site_id = $6, state = $7, name_key = $8, triggers = $9, body = $10
WHERE organization_id = $1 AND patient_id = $2
