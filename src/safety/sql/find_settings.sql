-- What a site says outside its hours; $1 organization, $2 site
SELECT escalate_after_minutes, outside_text_en, outside_text_es, numbers, version FROM on_call_settings
WHERE organization_id = $1 AND site_id = $2
