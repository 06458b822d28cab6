-- Brings a row up to date that stays in its place; $1 organization, $2 care manager, $3 bucket, $4 episode, $5 site, $6 state, $7 name key, $8 triggers, $9 body
UPDATE caseload_row SET site_id = $5, state = $6, name_key = $7, triggers = $8, body = $9
WHERE organization_id = $1 AND care_manager_id = $2 AND bucket = $3 AND episode_id = $4
