-- A machine by its key; $1 key hash. Columns: organization, id, name, role, site.
SELECT organization_id, service_key_id, name, role, site_id FROM service_key WHERE key_hash = $1 AND revoked_at IS NULL
