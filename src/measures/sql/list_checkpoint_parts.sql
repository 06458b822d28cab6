-- The bytes of a checkpoint, in order; $1 organization, $2 its number, $3 the first part
SELECT part, bytes
FROM outcome_checkpoint_part
WHERE organization_id = $1 AND number = $2 AND part >= $3
ORDER BY part
