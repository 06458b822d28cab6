-- The answers are a measurement now; $1 organization, $2 check-in
DELETE FROM check_in_answer WHERE organization_id = $1 AND check_in_id = $2
