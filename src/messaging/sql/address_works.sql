-- A message reached an address; $1 organization, $2 channel, $3 address
UPDATE address_state SET failing_since = NULL
WHERE organization_id = $1 AND channel = $2 AND address = $3 AND failing_since IS NOT NULL
