-- Entries whose chain has no head (somebody removed it). Column: count.
SELECT COUNT(*) FROM audit_event e
WHERE NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.organization_id = e.organization_id AND h.chain = e.chain)
