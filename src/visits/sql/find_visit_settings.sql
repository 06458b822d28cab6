-- How a site holds its visits: the newest version; $1 organization, $2 site
SELECT video_link_template, place, version
FROM visit_settings WHERE organization_id = $1 AND site_id = $2 ORDER BY version DESC LIMIT 1
