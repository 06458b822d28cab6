-- The number of the last step; $1 organization, $2 event
SELECT COALESCE(MAX(number), 0) FROM safety_step WHERE organization_id = $1 AND safety_event_id = $2
