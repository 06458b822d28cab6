-- Sessions between two days, newest first, before one of them; $1 organization, $2 first day, $3 last day, $4 and $5 day and id to begin before, $6 how many
SELECT session_id, site_id, session_date, starts_at, minutes, consultant_id, state, note, created_by, created_at, version
FROM review_session
WHERE organization_id = $1 AND session_date >= $2 AND session_date <= $3
  AND session_date <= $4 AND (session_date < $4 OR session_id < $5)
ORDER BY session_date DESC, session_id DESC LIMIT $6
