-- A named view, unless the name is taken; $1 organization, $2 user, $3 view, $4 name, $5 folded name, $6 query, $7 now
INSERT INTO saved_view (organization_id, user_id, view_id, name, name_folded, query, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1)
ON CONFLICT (organization_id, user_id, name_folded) DO NOTHING
