-- Starts a chain if it is missing; $1 organization, $2 chain, $3 genesis hash.
INSERT INTO audit_head (organization_id, chain, sequence, hash) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING
