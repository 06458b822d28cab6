-- A machine's key; $1 key hash, $2 organization, $3 id, $4 name, $5 role, $6 site, $7 now.
INSERT INTO service_key (key_hash, organization_id, service_key_id, name, role, site_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
