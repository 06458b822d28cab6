-- Stores what a person did, if the version is still the one that was edited; $1 organization, $2 patient, $3 event,
-- $4 that version, then the columns
UPDATE safety_event SET acknowledged_by = $5, acknowledged_at = $6, level = $7, disposition = $8, closed_by = $9, closed_at = $10,
  reassess_date = $11, has_it = $12, assessed_by = $13, assessed_at = $14, assessment_id = $15, assessed_otherwise = $16,
  found_level = $17, step_down_to = $18, step_down_reason = $19, step_down_asked_by = $20, step_down_asked_at = $21,
  reassessed_on = $22, follow_up_ended_on = $23, escalations = $24, next_escalation_at = $25, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND safety_event_id = $3 AND version = $4
