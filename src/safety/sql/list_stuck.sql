-- Open events of all organizations whose next call should have gone out before a time, for the look after lost ones;
-- $1 that time, $2 at most
SELECT organization_id, patient_id, safety_event_id FROM safety_event
WHERE closed_at IS NULL AND next_escalation_at < $1 ORDER BY next_escalation_at LIMIT $2
