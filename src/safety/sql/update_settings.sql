-- Changes a site's settings at a version; $1 organization, $2 site, $3 version, then the columns
UPDATE on_call_settings SET escalate_after_minutes = $4, outside_text_en = $5, outside_text_es = $6, numbers = $7, version = version + 1
WHERE organization_id = $1 AND site_id = $2 AND version = $3
