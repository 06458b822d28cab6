-- The first words of a site about help at once; $1 organization, $2 site, $3 content, $4 who, $5 when
INSERT INTO site_crisis (organization_id, site_id, content, version, changed_by, changed_at) VALUES ($1, $2, $3, 1, $4, $5)
ON CONFLICT (organization_id, site_id) DO NOTHING
