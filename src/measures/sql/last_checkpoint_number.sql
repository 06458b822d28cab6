-- The highest number that a checkpoint has, whole or not, its parts there or not; $1 organization
SELECT MAX(number) AS number
FROM (
  SELECT number FROM outcome_checkpoint_part WHERE organization_id = $1
  UNION ALL
  SELECT number FROM outcome_checkpoint WHERE organization_id = $1
) AS known
