-- Which answers have raised a safety event; $1 organization, $2 check-in, $3 instrument
SELECT item, value, safety_event_id, at FROM check_in_signal
WHERE organization_id = $1 AND check_in_id = $2 AND instrument = $3 ORDER BY at DESC, item
