-- Open safety events of the organization by their clock, after one of them; $1 organization, $2 and $3 clock and id to begin
-- after, $4 how many
SELECT patient_id, safety_event_id, signalled_at, signalled_date, signal, measurement_id, note, due_at, acknowledged_by, acknowledged_at, level,
  disposition, closed_by, closed_at, reassess_date, version, notified_at, has_it, assessed_by, assessed_at, assessment_id,
  assessed_otherwise, found_level, step_down_to, step_down_reason, step_down_asked_by, step_down_asked_at, reassessed_on,
  follow_up_ended_on, escalations, next_escalation_at
FROM safety_event
WHERE organization_id = $1 AND closed_at IS NULL AND due_at >= $2 AND (due_at > $2 OR safety_event_id > $3)
ORDER BY due_at, safety_event_id LIMIT $4
