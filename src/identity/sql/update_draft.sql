-- Writes over a draft; $1 organization, $2 user, $3 key, $4 words, $5 now, $6 the version that was seen
UPDATE draft SET words = $4, updated_at = $5, version = version + 1
WHERE organization_id = $1 AND user_id = $2 AND draft_key = $3 AND version = $6
