-- A chain no other transaction holds; $1 organization. Columns: chain, sequence, hash. Each connection begins
-- its search at a chain of its own, because a head that moved since the snapshot would be a serialization failure.
SELECT chain, sequence, hash FROM audit_head WHERE organization_id = $1
ORDER BY (chain + pg_backend_pid()) % 16, chain LIMIT 1 FOR UPDATE SKIP LOCKED
