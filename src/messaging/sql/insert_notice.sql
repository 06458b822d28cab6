-- A notice, unless its id is there; $1 organization, $2 user, $3 notice, $4 kind, $5 patient, $6 object, $7 urgent, $8 now
INSERT INTO notice (organization_id, user_id, notice_id, kind, patient_id, object_id, urgent, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
