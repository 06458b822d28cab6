-- Somebody opened a piece, once; $1 organization, $2 patient, $3 piece, $4 reader, $5 for the patient, $6 language, $7 when
INSERT INTO education_reading (organization_id, patient_id, piece, reader, on_behalf, language, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, patient_id, piece, reader) DO NOTHING
