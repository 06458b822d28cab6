-- The chain to append to; $1 organization. Columns: chain, sequence, hash.
SELECT chain, sequence, hash FROM audit_head WHERE organization_id = $1 ORDER BY chain LIMIT 1
