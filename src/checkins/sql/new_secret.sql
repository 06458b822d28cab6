-- Another secret for an open check-in, with new days and starts; $1 organization, $2 check-in, $3 hash, $4 expires, $5 sent or NULL
UPDATE check_in SET token_hash = $3, expires_at = $4, starts = 0, wrong_birth_dates = 0, sent_at = COALESCE($5, sent_at),
  state = CASE WHEN state = 'made' AND $5 IS NOT NULL THEN 'sent' ELSE state END, version = version + 1
WHERE organization_id = $1 AND check_in_id = $2 AND ended_at IS NULL
