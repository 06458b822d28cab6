-- Moves a chain's head; $1 organization, $2 chain, $3 sequence, $4 hash.
UPDATE audit_head SET sequence = $3, hash = $4 WHERE organization_id = $1 AND chain = $2
