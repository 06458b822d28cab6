-- Urgent notices about a thing that somebody has in hand now are no longer unread; $1 organization, $2 object, $3 now
UPDATE notice SET read_at = $3 WHERE organization_id = $1 AND object_id = $2 AND urgent AND read_at IS NULL
