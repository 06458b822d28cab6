-- This connection's own chain, unless another one holds it; $1 organization. Columns: chain, sequence, hash. Exactly one
-- row is looked at: reading the others' heads would make every two transactions a serialization conflict.
SELECT chain, sequence, hash FROM audit_head WHERE organization_id = $1 AND chain = pg_backend_pid() % 16 FOR UPDATE SKIP LOCKED
