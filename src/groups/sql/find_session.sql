-- One session; $1 organization, $2 group, $3 session
SELECT group_id, session_id, number, starts_at, ends_at, zone, state, reason, version
FROM group_session WHERE organization_id = $1 AND group_id = $2 AND session_id = $3
