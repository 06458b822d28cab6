-- An attested month, before it is written anew; $1 organization, $2 site, $3 month
DELETE FROM site_month
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3
