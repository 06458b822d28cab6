-- Messages to a range of patients that have not ended; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, message_id, kind, page_path, channel FROM message_out
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND ended_at IS NULL
