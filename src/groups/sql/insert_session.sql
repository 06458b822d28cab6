-- A new session; $1 organization, then the columns in order
INSERT INTO group_session (organization_id, group_id, session_id, number, starts_at, ends_at, zone, state, reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
