-- Attested care-manager FTE that was known; $1 organization, $2 when
SELECT site_id, month_start, bhcm_fte
FROM site_month
WHERE organization_id = $1 AND (recorded_at <= $2 OR recorded_at IS NULL)
