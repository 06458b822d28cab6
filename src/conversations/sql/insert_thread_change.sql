-- A thread was handed on or closed; $1 organization, $2 patient, then the columns in order
INSERT INTO patient_thread_change (organization_id, patient_id, thread_id, change_id, changed_at, changed_by, kind, from_user_id, to_user_id, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
