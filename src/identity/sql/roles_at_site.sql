-- Roles of a person at a site, unless they were disabled; $1 organization, $2 user, $3 site
SELECT r.role FROM user_role r JOIN user_account u ON u.organization_id = r.organization_id AND u.user_id = r.user_id
WHERE r.organization_id = $1 AND r.user_id = $2 AND r.site_id = $3 AND u.disabled_at IS NULL
