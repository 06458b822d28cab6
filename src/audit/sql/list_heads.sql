-- Every chain's head. Columns: organization, chain, sequence, hash.
SELECT organization_id, chain, sequence, hash FROM audit_head ORDER BY organization_id, chain
