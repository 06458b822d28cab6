-- Everything a list needs to choose its rows, without their bodies; $1 organization, $2 bucket
SELECT episode_id, site_id, state, name_key, triggers, care_manager_id, patient_id
FROM caseload_row WHERE organization_id = $1 AND bucket = $2
