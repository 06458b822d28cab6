-- One part; $1 organization, $2 number, $3 part, $4 bytes
INSERT INTO outcome_checkpoint_part (organization_id, number, part, bytes)
VALUES ($1, $2, $3, $4)
