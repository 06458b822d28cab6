-- The last message to an address came back; $1 organization, $2 channel, $3 address, $4 now
UPDATE address_state SET failing_since = COALESCE(failing_since, $4)
WHERE organization_id = $1 AND channel = $2 AND address = $3
