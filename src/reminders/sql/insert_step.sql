-- What was done for a patient, unless it is there; $1 organization, then the columns in order
INSERT INTO reminder_step (organization_id, patient_id, day, step_id, act, why, due_date, instruments, object_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
