-- A new trial; $1 organization, then the columns in order
INSERT INTO treatment (organization_id, patient_id, treatment_id, kind, name, code, dose, start_date, stop_date, stop_reason, source, version, recommendation_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
