-- Attested care-manager FTE that was another then, the next change first; $1 organization, $2 when
SELECT site_id, month_start, bhcm_fte
FROM site_month_before
WHERE organization_id = $1 AND known_until > $2 AND (known_from <= $2 OR known_from IS NULL)
ORDER BY known_until
