-- How many drafts somebody has; $1 organization, $2 user
SELECT COUNT(*) FROM draft WHERE organization_id = $1 AND user_id = $2
