-- Somebody read a piece to the end: the first time counts; $1 organization, $2 patient, $3 piece, $4 reader, $5 when
UPDATE education_reading SET finished_at = $5
WHERE organization_id = $1 AND patient_id = $2 AND piece = $3 AND reader = $4 AND finished_at IS NULL
