-- Every permission of an organization; $1 organization
SELECT site_id, instrument, valid_from, permitted_by, reference, recorded_by, recorded_at
FROM instrument_permission
WHERE organization_id = $1
ORDER BY site_id, instrument, valid_from
