-- The special days of one version; $1 organization, $2 site, $3 version
SELECT special_date, name, opens_minute, closes_minute FROM site_special_day
WHERE organization_id = $1 AND site_id = $2 AND version = $3 ORDER BY special_date
