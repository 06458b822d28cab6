-- A new session; $1 organization, then the columns in order
INSERT INTO review_session (organization_id, session_id, site_id, session_date, starts_at, minutes, consultant_id, state, note, created_by, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
