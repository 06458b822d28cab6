-- A site's first settings, unless there are some; $1 organization, $2 site, then the columns
INSERT INTO on_call_settings (organization_id, site_id, escalate_after_minutes, outside_text_en, outside_text_es, numbers, version)
VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT DO NOTHING
