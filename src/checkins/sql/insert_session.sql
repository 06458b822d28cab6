-- A cookie; $1 organization, $2 check-in, $3 hash, $4 now, $5 expires
INSERT INTO check_in_session (organization_id, check_in_id, session_hash, started_at, expires_at) VALUES ($1, $2, $3, $4, $5)
