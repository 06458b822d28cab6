-- Changes a patient's settings at a version; $1 organization, $2 patient, then the columns, $11 version
UPDATE reminder_setting SET paused = $3, paused_until = $4, pause_reason = $5, every_days = $6, weekly_agreed = $7, visits = $8,
  changed_at = $9, changed_by = $10, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND version = $11
