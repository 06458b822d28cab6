-- Ends a machine's access; $1 organization, $2 name, $3 now.
UPDATE service_key SET revoked_at = $3 WHERE organization_id = $1 AND name = $2 AND revoked_at IS NULL
