-- Every version of the assumptions, the newest first; $1 organization
SELECT version, assumed_values, reason, changed_by, changed_at
FROM report_assumptions
WHERE organization_id = $1
ORDER BY version DESC
