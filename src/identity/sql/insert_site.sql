-- A clinic; $1 organization, $2 site, $3 name, $4 time zone, $5 phone, $6 hours, $7 now.
INSERT INTO site (organization_id, site_id, name, time_zone, phone, hours, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
