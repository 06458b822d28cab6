-- One part of a checkpoint; $1 organization, $2 its number, $3 the part
SELECT bytes
FROM outcome_checkpoint_part
WHERE organization_id = $1 AND number = $2 AND part = $3
