-- Marks a person's notice read; $1 organization, $2 user, $3 notice, $4 now
UPDATE notice SET read_at = $4 WHERE organization_id = $1 AND user_id = $2 AND notice_id = $3 AND read_at IS NULL
