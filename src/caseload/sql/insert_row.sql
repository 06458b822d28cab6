-- Adds a row; $1 organization, $2 care manager, $3 bucket, $4 episode, $5 site, $6 state, $7 name key, $8 triggers, $9 body, $10 patient
INSERT INTO caseload_row (organization_id, care_manager_id, bucket, episode_id, site_id, state, name_key, triggers, body, patient_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
