-- What one reader did with one piece; $1 organization, $2 patient, $3 piece, $4 reader
SELECT piece, reader, on_behalf, language, opened_at, finished_at FROM education_reading
WHERE organization_id = $1 AND patient_id = $2 AND piece = $3 AND reader = $4
