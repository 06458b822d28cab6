-- Open tasks (1), questions to the consultant (2), goals (3), plans that took effect (4), initiating visits (5), practice visits with codes (6)
-- threads in which a patient waits for an answer (7) and referrals to services that nobody has confirmed (8) of a range of patients: one statement, because most patients have few of each; $1 organization, $2 first patient, $3 last patient
SELECT t.patient_id, 1 AS which, t.task_id AS id, t.due_date AS day, t.due_date AS other_day, t.due_date AS last_day, t.created_at AS began,
  t.closed_at AS ended, t.title AS words, u.display_name AS name,
  COALESCE((SELECT MIN(r.role) FROM user_role r WHERE r.organization_id = t.organization_id AND r.user_id = t.owner_id AND r.site_id = t.site_id), '') AS state
FROM task t
JOIN user_account u ON u.organization_id = t.organization_id AND u.user_id = t.owner_id
WHERE t.organization_id = $1 AND t.patient_id BETWEEN $2 AND $3 AND t.state = 'open'
UNION ALL
SELECT q.patient_id, 2, q.question_id, q.asked_date, q.asked_date, q.asked_date, q.asked_at, q.ended_at, q.urgency, COALESCE(u.display_name, ''), q.state
FROM review_question q
LEFT JOIN user_account u ON u.organization_id = q.organization_id AND u.user_id = q.to_user_id
WHERE q.organization_id = $1 AND q.patient_id BETWEEN $2 AND $3
UNION ALL
SELECT g.patient_id, 3, g.goal_id, g.start_date, g.last_reviewed_date, g.status_date, NULL, NULL, '', '', g.status
FROM goal g
WHERE g.organization_id = $1 AND g.patient_id BETWEEN $2 AND $3 AND g.status <> 'imported'
UNION ALL
SELECT v.patient_id, 4, v.plan_id, v.effective_date, v.written_date, COALESCE(v.replaced_date, p.ended_date), NULL, NULL, p.kind, v.language,
  CASE p.status WHEN 'open' THEN v.state ELSE 'ended' END
FROM care_plan_version v
JOIN care_plan p ON p.organization_id = v.organization_id AND p.patient_id = v.patient_id AND p.plan_id = v.plan_id
WHERE v.organization_id = $1 AND v.patient_id BETWEEN $2 AND $3 AND v.effective_date IS NOT NULL AND p.kind <> 'imported'
UNION ALL
SELECT i.patient_id, 5, i.visit_id, i.visit_date, i.visit_date, i.visit_date, NULL, NULL, i.code, '', ''
FROM initiating_visit i
WHERE i.organization_id = $1 AND i.patient_id BETWEEN $2 AND $3 AND i.removed_at IS NULL
UNION ALL
SELECT v.patient_id, 6, v.visit_id, v.visit_date, v.visit_date, v.visit_date, NULL, NULL, v.billing_codes, '', ''
FROM practice_visit v
WHERE v.organization_id = $1 AND v.patient_id BETWEEN $2 AND $3 AND v.billing_codes <> ''
UNION ALL
SELECT m.patient_id, 7, m.thread_id, m.waiting_date, m.waiting_date, m.waiting_date, m.waiting_since, NULL, '', COALESCE(u.display_name, ''),
  COALESCE((SELECT MIN(r.role) FROM user_role r WHERE r.organization_id = m.organization_id AND r.user_id = m.addressee_id AND r.site_id = m.site_id), '')
FROM patient_thread m
LEFT JOIN user_account u ON u.organization_id = m.organization_id AND u.user_id = m.addressee_id
WHERE m.organization_id = $1 AND m.patient_id BETWEEN $2 AND $3 AND m.state = 'waiting' AND m.waiting_date IS NOT NULL
UNION ALL
SELECT c.patient_id, 8, c.referral_id, c.sent_date, c.sent_date, c.sent_date, c.created_at, NULL, c.kind, COALESCE(u.display_name, ''),
  COALESCE((SELECT MIN(r.role) FROM user_role r WHERE r.organization_id = c.organization_id AND r.user_id = c.owner_id AND r.site_id = c.site_id), '')
FROM community_referral c
LEFT JOIN user_account u ON u.organization_id = c.organization_id AND u.user_id = c.owner_id
WHERE c.organization_id = $1 AND c.patient_id BETWEEN $2 AND $3 AND c.state IN ('sent', 'accepted', 'declined')
UNION ALL
SELECT e.patient_id, 9, e.assignment_id, e.assigned_date, e.assigned_date, e.assigned_date, e.assigned_at, e.withdrawn_at, '', e.language, ''
FROM education_assignment e
WHERE e.organization_id = $1 AND e.patient_id BETWEEN $2 AND $3
ORDER BY patient_id
