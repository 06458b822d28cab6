-- An address said STOP; $1 organization, $2 channel, $3 address, $4 now
UPDATE address_state SET stopped_at = $4
WHERE organization_id = $1 AND channel = $2 AND address = $3 AND stopped_at IS NULL
