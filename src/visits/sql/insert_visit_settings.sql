-- A new version of a site's settings, unless there is one of that number; $1 organization, then the columns in order
INSERT INTO visit_settings (organization_id, site_id, version, video_link_template, place, changed_by, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, site_id, version) DO NOTHING
