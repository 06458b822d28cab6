-- How many notices a person has not read, and how many of them are urgent; $1 organization, $2 user
SELECT COUNT(*), COALESCE(SUM(CASE WHEN urgent THEN 1 ELSE 0 END), 0) FROM notice
WHERE organization_id = $1 AND user_id = $2 AND read_at IS NULL
