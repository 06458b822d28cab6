-- What staff set for a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, paused, paused_until, pause_reason, every_days, weekly_agreed, visits, version FROM reminder_setting
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
