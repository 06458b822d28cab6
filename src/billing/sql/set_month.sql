-- Closes or reopens a month; $1 organization, $2 site, $3 month, $4 closed at, $5 by
INSERT INTO billing_month (organization_id, site_id, month_start, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id, site_id, month_start) DO UPDATE SET closed_at = excluded.closed_at, closed_by = excluded.closed_by
