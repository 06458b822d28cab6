-- The highest number that a checkpoint has, whole or not; $1 organization
SELECT MAX(number) AS number
FROM outcome_checkpoint_part
WHERE organization_id = $1
