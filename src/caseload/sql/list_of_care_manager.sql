-- Rows of one care manager; $1 organization, $2 care manager, $3 bucket
SELECT episode_id, site_id, state, name_key, triggers, body, patient_id
FROM caseload_row WHERE organization_id = $1 AND care_manager_id = $2 AND bucket = $3
