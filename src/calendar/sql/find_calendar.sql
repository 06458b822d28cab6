-- The calendar of a site as it is now, a row for each special day (one without when there is none); $1 organization, $2 site
SELECT c.version, c.week, c.holidays, c.reason, c.changed_by, c.changed_at, d.special_date, d.name, d.opens_minute, d.closes_minute
FROM site_calendar c LEFT JOIN site_special_day d ON d.organization_id = c.organization_id AND d.site_id = c.site_id AND d.version = c.version
WHERE c.organization_id = $1 AND c.site_id = $2
  AND c.version = (SELECT MAX(l.version) FROM site_calendar l WHERE l.organization_id = $1 AND l.site_id = $2)
ORDER BY d.special_date
