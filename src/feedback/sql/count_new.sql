-- How much feedback of a site nobody has dealt with; $1 organization, $2 site
SELECT COUNT(*) FROM feedback WHERE organization_id = $1 AND site_id = $2 AND state = 'new'
