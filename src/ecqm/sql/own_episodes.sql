-- What episodes are for; $1 organization
SELECT patient_id, episode_id, primary_condition, referred_date
FROM episode
WHERE organization_id = $1 AND primary_condition IS NOT NULL
ORDER BY patient_id, episode_id
