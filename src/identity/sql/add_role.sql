-- A role at a site; $1 organization, $2 user, $3 site, $4 role.
INSERT INTO user_role (organization_id, user_id, site_id, role) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
