-- A permission that holds on a day; $1 organization, $2 site, $3 instrument, $4 day
SELECT valid_from
FROM instrument_permission
WHERE organization_id = $1 AND site_id = $2 AND instrument = $3 AND valid_from <= $4
ORDER BY valid_from DESC
LIMIT 1
