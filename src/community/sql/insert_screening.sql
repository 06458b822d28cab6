-- A questionnaire about needs; $1 organization, then the columns in order
INSERT INTO need_screening (organization_id, patient_id, screening_id, form, screened_date, asked, found, refused, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
