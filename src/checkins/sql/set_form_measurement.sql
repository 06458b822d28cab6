-- A questionnaire has its measurement; $1 organization, $2 check-in, $3 instrument, $4 informant, $5 measurement, $6 by staff
UPDATE check_in_form SET measurement_id = $5, by_staff = $6
WHERE organization_id = $1 AND check_in_id = $2 AND instrument = $3 AND informant = $4 AND measurement_id IS NULL
