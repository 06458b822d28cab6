-- Attested care-manager FTE of a site; $1 organization, $2 site, $3 first month, $4 last month
SELECT month_start, bhcm_fte, recorded_at
FROM site_month
WHERE organization_id = $1 AND site_id = $2 AND month_start >= $3 AND month_start <= $4
ORDER BY month_start
