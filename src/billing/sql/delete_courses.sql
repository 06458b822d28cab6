-- Forgets where courses stood after a month; $1 organization, $2 site, $3 month
DELETE FROM billing_course WHERE organization_id = $1 AND site_id = $2 AND month_start = $3
