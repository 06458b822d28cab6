-- How far the audit log has come; $1 organization
SELECT chain, sequence
FROM audit_head
WHERE organization_id = $1
ORDER BY chain
