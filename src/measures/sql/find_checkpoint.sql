-- The newest checkpoint that is whole; $1 organization
SELECT number, terms, parts, digest
FROM outcome_checkpoint
WHERE organization_id = $1
