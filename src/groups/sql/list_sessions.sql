-- Sessions of a group by start; $1 organization, $2 group
SELECT group_id, session_id, number, starts_at, ends_at, zone, state, reason, version
FROM group_session WHERE organization_id = $1 AND group_id = $2 ORDER BY starts_at, number, session_id
