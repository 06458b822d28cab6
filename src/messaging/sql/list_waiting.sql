-- Messages of all organizations that could have been sent before a time and have not ended, for the look after lost ones; $1 time, $2 at most
SELECT organization_id, message_id, attempts_before, not_before, patient_id FROM message_out
WHERE ended_at IS NULL AND not_before < $1 ORDER BY not_before LIMIT $2
