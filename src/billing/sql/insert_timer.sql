-- Starts a person's clock unless one runs; $1 organization, $2 user, $3 patient, $4 activity, $5 note, $6 started at
INSERT INTO running_timer (organization_id, user_id, patient_id, activity, note, started_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, user_id) DO NOTHING
