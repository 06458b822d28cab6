-- Check-ins of a patient that have not ended; $1 organization, $2 patient
SELECT c.check_in_id, c.patient_id, c.site_id, c.channel, c.why, c.state, c.language, c.due_date, c.asks_birth_date, c.wrong_birth_dates,
  c.starts, c.made_at, c.made_by, c.on_behalf_by, c.sent_at, c.started_at, c.expires_at, c.ended_at, c.ended_why, c.ended_by, c.receipt,
  c.seen_at, c.seen_by, c.seen_role, c.version,
  (SELECT COUNT(*) FROM check_in_answer a WHERE a.organization_id = c.organization_id AND a.check_in_id = c.check_in_id) AS answered
FROM check_in c WHERE c.organization_id = $1 AND c.patient_id = $2 AND c.ended_at IS NULL
ORDER BY c.made_at DESC, c.check_in_id DESC
