-- Whether an organization has rows in the projection; $1 organization
SELECT 1 FROM caseload_row WHERE organization_id = $1 LIMIT 1
