-- Points a corrected measurement to the new one, once; $1 organization, $2 patient, $3 when administered, $4 measurement, $5 the new one
UPDATE measurement SET replaced_by_id = $5
WHERE organization_id = $1 AND patient_id = $2 AND administered_at = $3 AND measurement_id = $4 AND replaced_by_id IS NULL
