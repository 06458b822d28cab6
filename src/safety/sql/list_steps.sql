-- Everything that happened to an event, in order; $1 organization, $2 event
SELECT number, at, kind, by_user, to_user, channel, rung, level, action, text, measurement_id, message_id FROM safety_step WHERE organization_id = $1 AND safety_event_id = $2 ORDER BY number
