-- Keeps an answer that is not sent yet; $1 organization, $2 check-in, $3 instrument, $4 item, $5 value or NULL, $6 now
INSERT INTO check_in_answer (organization_id, check_in_id, instrument, item, value, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, check_in_id, instrument, item) DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at
