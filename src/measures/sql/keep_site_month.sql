-- An attested month as it was known until now, before it is written anew; $1 organization, $2 site, $3 month, $4 now
INSERT INTO site_month_before (organization_id, site_id, month_start, known_until, known_from, bhcm_fte)
SELECT organization_id, site_id, month_start, $4, recorded_at, bhcm_fte FROM site_month
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3
ON CONFLICT (organization_id, site_id, month_start, known_until) DO NOTHING
