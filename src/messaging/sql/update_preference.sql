-- Changes a patient's wishes at a version; $1 organization, $2 patient, then the columns, $12 version
UPDATE patient_contact_preference SET channel = $3, language = $4, quiet_from = $5, quiet_until = $6, tell_when_read = $7,
  mail_stopped_at = $8, sms_stopped_at = $9, changed_at = $10, changed_by = $11, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND version = $12
