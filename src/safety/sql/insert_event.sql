-- A new safety event; $1 organization, then the columns in order
INSERT INTO safety_event (organization_id, patient_id, safety_event_id, signalled_at, signalled_date, signal, measurement_id, note, due_at, acknowledged_by, acknowledged_at, level,
  disposition, closed_by, closed_at, reassess_date, version, notified_at, has_it, assessed_by, assessed_at, assessment_id,
  assessed_otherwise, found_level, step_down_to, step_down_reason, step_down_asked_by, step_down_asked_at, reassessed_on,
  follow_up_ended_on, escalations, next_escalation_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
