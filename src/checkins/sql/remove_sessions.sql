-- Ends every cookie of a check-in; $1 organization, $2 check-in
DELETE FROM check_in_session WHERE organization_id = $1 AND check_in_id = $2
