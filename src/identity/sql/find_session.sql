-- A session with its user and each role, one row a role; $1 token hash. Columns: created, last active, ended, organization, user,
-- display name, sign-in name, language, disabled, version, role, site.
SELECT s.created_at, s.last_active_at, s.ended_at, u.organization_id, u.user_id, u.display_name, u.sign_in_name, u.language,
  u.disabled_at, u.version, r.role, r.site_id
FROM session s
JOIN user_account u ON u.organization_id = s.organization_id AND u.user_id = s.user_id
LEFT JOIN user_role r ON r.organization_id = u.organization_id AND r.user_id = u.user_id
WHERE s.token_hash = $1
