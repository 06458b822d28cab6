-- One batch with its files; $1 organization, $2 export
SELECT export_id, site_id, month_start, reference, at, by_user, charges, credits, csv, dft FROM charge_export
WHERE organization_id = $1 AND export_id = $2
