-- Every version of a site's calendar, newest first; $1 organization, $2 site, $3 versions below this one, $4 how many
SELECT version, week, holidays, reason, changed_by, changed_at FROM site_calendar
WHERE organization_id = $1 AND site_id = $2 AND version < $3 ORDER BY version DESC LIMIT $4
