-- Removes drafts that nobody has touched since $1
DELETE FROM draft WHERE updated_at < $1
