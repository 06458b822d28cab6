-- The questionnaires of a check-in in order; $1 organization, $2 check-in
SELECT instrument, informant, measurement_id, by_staff FROM check_in_form
WHERE organization_id = $1 AND check_in_id = $2 ORDER BY number
