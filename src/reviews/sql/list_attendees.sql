-- Who takes part in a session; $1 organization, $2 session
SELECT user_id, name, role FROM review_attendee WHERE organization_id = $1 AND session_id = $2 ORDER BY position
