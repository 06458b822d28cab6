-- This answer has raised its safety event; $1 organization, $2 check-in, $3 instrument, $4 item, $5 value, $6 event, $7 now
INSERT INTO check_in_signal (organization_id, check_in_id, instrument, item, value, safety_event_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, check_in_id, instrument, item) DO UPDATE
SET value = excluded.value, safety_event_id = excluded.safety_event_id, at = excluded.at
