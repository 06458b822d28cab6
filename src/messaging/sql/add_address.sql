-- An address something is known of, unless it is there; $1 organization, $2 channel, $3 address
INSERT INTO address_state (organization_id, channel, address) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
