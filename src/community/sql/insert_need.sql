-- A new need; $1 organization, then the columns in order
INSERT INTO social_need (organization_id, patient_id, need_id, kind, state, later_until, source, found_date, note, labels, created_by, changed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
