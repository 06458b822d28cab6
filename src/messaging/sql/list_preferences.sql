-- How a range of patients want to be told; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, channel, language, quiet_from, quiet_until, tell_when_read, mail_stopped_at, sms_stopped_at, version
FROM patient_contact_preference WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
