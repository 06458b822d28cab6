-- A patient's first settings, unless there are some; $1 organization, $2 patient, then the columns
INSERT INTO reminder_setting (organization_id, patient_id, paused, paused_until, pause_reason, every_days, weekly_agreed, visits,
  version, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) ON CONFLICT DO NOTHING
