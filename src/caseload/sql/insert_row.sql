-- Adds a patient's row; $1 organization, $2 patient, $3 care manager, $4 bucket, $5 episode, $6 site, $7 state, $8 name key, $9 triggers, $10 body
INSERT INTO caseload_row (organization_id, patient_id, care_manager_id, bucket, episode_id, site_id, state, name_key, triggers, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
