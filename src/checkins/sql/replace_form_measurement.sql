-- A correction takes the place of the measurement a form had; $1 organization, $2 the old one, $3 the new one
UPDATE check_in_form SET measurement_id = $3 WHERE organization_id = $1 AND measurement_id = $2
