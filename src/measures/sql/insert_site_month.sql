-- Attests a month; $1 organization, $2 site, $3 month, $4 FTE, $5 now
INSERT INTO site_month (organization_id, site_id, month_start, bhcm_fte, recorded_at)
VALUES ($1, $2, $3, $4, $5)
