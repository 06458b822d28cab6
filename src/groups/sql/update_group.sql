-- Changes a group if the version is still the one that was edited; $1 organization, $2 group, $3 that version, then the columns
UPDATE care_group SET name = $4, topic = $5, place = $6, capacity = $7, sessions_planned = $8, offer_days = $9, state = $10, reason = $11,
  version = version + 1
WHERE organization_id = $1 AND group_id = $2 AND version = $3
