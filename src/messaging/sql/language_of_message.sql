-- The last message to a patient at an address; $1 organization, $2 patient, $3 address
SELECT language, clinic, own_address FROM message_out
WHERE organization_id = $1 AND patient_id = $2 AND address = $3 ORDER BY queued_at DESC LIMIT 1
