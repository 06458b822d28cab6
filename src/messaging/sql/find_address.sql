-- What is known of an address; $1 organization, $2 channel, $3 address
SELECT stopped_at, failing_since, wrote_back_at FROM address_state
WHERE organization_id = $1 AND channel = $2 AND address = $3
