-- The latest closed month of a site before a day (null: at all); $1 organization, $2 site, $3 day
SELECT MAX(month_start) FROM billing_month
WHERE organization_id = $1 AND site_id = $2 AND (month_start < $3 OR $3 IS NULL) AND closed_at IS NOT NULL
