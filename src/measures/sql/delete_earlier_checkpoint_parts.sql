-- Parts of checkpoints before this one; $1 organization, $2 number
DELETE FROM outcome_checkpoint_part
WHERE organization_id = $1 AND number < $2
