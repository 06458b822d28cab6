-- Marks all of a person's notices read; $1 organization, $2 user, $3 now
UPDATE notice SET read_at = $3 WHERE organization_id = $1 AND user_id = $2 AND read_at IS NULL
