-- A special day of a version; $1 organization, $2 site, $3 version, $4 date, $5 name, $6 opens, $7 closes
INSERT INTO site_special_day (organization_id, site_id, version, special_date, name, opens_minute, closes_minute)
VALUES ($1, $2, $3, $4, $5, $6, $7)
