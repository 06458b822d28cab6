-- A month of a site as it stands; $1 organization, $2 site, $3 month
SELECT closed_at, closed_by FROM billing_month WHERE organization_id = $1 AND site_id = $2 AND month_start = $3
