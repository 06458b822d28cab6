-- A session of psychotherapy; $1 organization, then the columns in order
INSERT INTO psychotherapy_session (organization_id, patient_id, psychotherapy_session_id, treatment_id, session_date, approach, minutes, focus, homework, contact_id, held_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
