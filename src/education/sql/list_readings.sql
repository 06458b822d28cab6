-- What was read in a patient's name; $1 organization, $2 patient
SELECT piece, reader, on_behalf, language, opened_at, finished_at FROM education_reading
WHERE organization_id = $1 AND patient_id = $2 ORDER BY piece, opened_at, reader
