-- Whose episode it is and where; $1 organization, $2 episode
SELECT patient_id, site_id, state FROM episode WHERE organization_id = $1 AND episode_id = $2
