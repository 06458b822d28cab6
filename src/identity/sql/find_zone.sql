-- A site's time zone; $1 organization, $2 site.
SELECT time_zone FROM site WHERE organization_id = $1 AND site_id = $2
