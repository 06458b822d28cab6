-- People with a role; $1 organization, $2 role or '' for any. Columns: user, display name, role, site.
SELECT u.user_id, u.display_name, r.role, r.site_id
FROM user_account u JOIN user_role r ON r.organization_id = u.organization_id AND r.user_id = u.user_id
WHERE u.organization_id = $1 AND u.disabled_at IS NULL AND ($2 = '' OR r.role = $2)
ORDER BY u.display_name, u.user_id, r.site_id, r.role
