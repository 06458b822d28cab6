-- The check-in that a measurement came with; $1 organization, $2 measurement
SELECT check_in_id FROM check_in_form WHERE organization_id = $1 AND measurement_id = $2
