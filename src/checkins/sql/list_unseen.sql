-- Answers that nobody has looked at, oldest first; $1 organization, $2 site, $3 and $4 time and id to begin after, $5 how many
SELECT c.check_in_id, c.patient_id, c.site_id, c.channel, c.why, c.state, c.language, c.due_date, c.asks_birth_date, c.wrong_birth_dates,
  c.starts, c.made_at, c.made_by, c.on_behalf_by, c.sent_at, c.started_at, c.expires_at, c.ended_at, c.ended_why, c.ended_by, c.receipt,
  c.seen_at, c.seen_by, c.seen_role, c.version,
  (SELECT COUNT(*) FROM check_in_answer a WHERE a.organization_id = c.organization_id AND a.check_in_id = c.check_in_id) AS answered
FROM check_in c WHERE c.organization_id = $1 AND c.site_id = $2 AND c.state = 'submitted' AND c.seen_at IS NULL
  AND c.ended_at >= $3 AND (c.ended_at > $3 OR c.check_in_id > $4)
ORDER BY c.ended_at, c.check_in_id LIMIT $5
