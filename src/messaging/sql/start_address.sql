-- An address said START; $1 organization, $2 channel, $3 address
UPDATE address_state SET stopped_at = NULL
WHERE organization_id = $1 AND channel = $2 AND address = $3 AND stopped_at IS NOT NULL
