-- An initiating visit; $1 organization, then the columns in order
INSERT INTO initiating_visit (organization_id, patient_id, visit_date, visit_id, code, practitioner, source, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
