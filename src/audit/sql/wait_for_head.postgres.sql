-- Chain 0, waiting for whoever holds it; $1 organization. Columns: chain, sequence, hash.
SELECT chain, sequence, hash FROM audit_head WHERE organization_id = $1 AND chain = 0 FOR UPDATE
