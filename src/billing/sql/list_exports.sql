-- Batches of a site's month, oldest first; $1 organization, $2 site, $3 month
SELECT export_id, site_id, month_start, reference, at, by_user, charges, credits FROM charge_export
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3 ORDER BY at, export_id
