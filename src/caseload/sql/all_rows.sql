-- The whole projection of an organization, for comparison; $1 organization
SELECT patient_id, care_manager_id, bucket, episode_id, site_id, state, name_key, triggers, body
FROM caseload_row WHERE organization_id = $1 ORDER BY patient_id
