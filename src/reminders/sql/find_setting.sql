-- What staff set for a patient; $1 organization, $2 patient
SELECT patient_id, paused, paused_until, pause_reason, every_days, weekly_agreed, visits, version FROM reminder_setting
WHERE organization_id = $1 AND patient_id = $2
