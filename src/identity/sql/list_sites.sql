-- The clinics of $1 organization. Columns: site, name, time zone, phone, hours.
SELECT site_id, name, time_zone, phone, hours FROM site WHERE organization_id = $1 ORDER BY name, site_id
