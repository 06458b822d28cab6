-- A person's roles; $1 organization, $2 user. Columns: role, site.
SELECT role, site_id FROM user_role WHERE organization_id = $1 AND user_id = $2 ORDER BY site_id, role
