-- One session; $1 organization, $2 session
SELECT session_id, site_id, session_date, starts_at, minutes, consultant_id, state, note, created_by, created_at, version
FROM review_session WHERE organization_id = $1 AND session_id = $2
