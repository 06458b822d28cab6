-- Notes who of the staff saw a measurement first; $1 organization, $2 patient, $3 when administered, $4 measurement, $5 who, $6 when
UPDATE measurement SET seen_by = $5, seen_at = $6
WHERE organization_id = $1 AND patient_id = $2 AND administered_at = $3 AND measurement_id = $4 AND seen_at IS NULL
