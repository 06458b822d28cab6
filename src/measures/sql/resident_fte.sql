-- Attested care-manager FTE; $1 organization
SELECT site_id, month_start, bhcm_fte
FROM site_month
WHERE organization_id = $1
