-- Addresses not to write to, or not first; $1 organization
SELECT channel, address, stopped_at, failing_since FROM address_state
WHERE organization_id = $1 AND (stopped_at IS NOT NULL OR failing_since IS NOT NULL)
