-- Somebody wrote back, and has not since a time; $1 organization, $2 channel, $3 address, $4 now, $5 that time
UPDATE address_state SET wrote_back_at = $4
WHERE organization_id = $1 AND channel = $2 AND address = $3 AND (wrote_back_at IS NULL OR wrote_back_at < $5)
