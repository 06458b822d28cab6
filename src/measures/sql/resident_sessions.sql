-- Review sessions that were held; $1 organization
SELECT session_id, site_id, session_date, minutes
FROM review_session
WHERE organization_id = $1 AND state = 'held'
