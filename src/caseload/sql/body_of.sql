-- The body of one row; $1 organization, $2 care manager, $3 bucket, $4 episode
SELECT body FROM caseload_row WHERE organization_id = $1 AND care_manager_id = $2 AND bucket = $3 AND episode_id = $4
