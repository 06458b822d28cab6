-- A patient's first wishes, unless there are some; $1 organization, $2 patient, then the columns
INSERT INTO patient_contact_preference (organization_id, patient_id, channel, language, quiet_from, quiet_until, tell_when_read,
  mail_stopped_at, sms_stopped_at, version, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11) ON CONFLICT DO NOTHING
