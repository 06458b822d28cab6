-- A new draft, unless there is one; $1 organization, $2 user, $3 key, $4 words, $5 now
INSERT INTO draft (organization_id, user_id, draft_key, words, updated_at, version) VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (organization_id, user_id, draft_key) DO NOTHING
