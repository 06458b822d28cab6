-- Check-ins of all organizations whose days are over and that nobody has written down as ended; $1 now, $2 how many
SELECT organization_id, check_in_id, expires_at FROM check_in WHERE ended_at IS NULL AND expires_at <= $1
ORDER BY expires_at, check_in_id LIMIT $2
