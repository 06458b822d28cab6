-- A new version of a site's calendar, unless somebody made it first; $1 organization, $2 site, $3 version, $4 week, $5 holidays,
-- $6 reason, $7 who, $8 when
INSERT INTO site_calendar (organization_id, site_id, version, week, holidays, reason, changed_by, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organization_id, site_id, version) DO NOTHING
