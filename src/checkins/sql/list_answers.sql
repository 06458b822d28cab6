-- The answers kept so far; $1 organization, $2 check-in
SELECT instrument, item, value FROM check_in_answer WHERE organization_id = $1 AND check_in_id = $2
