-- A sign-in; $1 token hash, $2 organization, $3 user, $4 now.
INSERT INTO session (token_hash, organization_id, user_id, created_at, last_active_at) VALUES ($1, $2, $3, $4, $4)
