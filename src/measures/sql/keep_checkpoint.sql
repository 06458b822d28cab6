-- Says that a checkpoint is whole, unless a later one is; $1 organization, $2 number, $3 terms, $4 parts, $5 digest
INSERT INTO outcome_checkpoint (organization_id, number, terms, parts, digest)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id) DO UPDATE SET number = $2, terms = $3, parts = $4, digest = $5
WHERE outcome_checkpoint.number < $2
