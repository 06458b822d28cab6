-- A patient's safety events, newest first; $1 organization, $2 patient
SELECT patient_id, safety_event_id, signalled_at, signalled_date, signal, measurement_id, note, due_at, acknowledged_by, acknowledged_at, level,
  disposition, closed_by, closed_at, reassess_date, version, notified_at, has_it, assessed_by, assessed_at, assessment_id,
  assessed_otherwise, found_level, step_down_to, step_down_reason, step_down_asked_by, step_down_asked_at, reassessed_on,
  follow_up_ended_on, escalations, next_escalation_at
FROM safety_event WHERE organization_id = $1 AND patient_id = $2 ORDER BY signalled_at DESC, safety_event_id DESC
