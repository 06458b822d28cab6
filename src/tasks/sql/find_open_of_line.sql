-- The open task that was made from a line of the attention list; $1 organization, $2 episode, $3 rule
SELECT task_id, site_id, patient_id, episode_id, title, note, due_date, owner_id, source, rule, source_id, state, reason, created_by, created_at,
  closed_by, closed_at, version
FROM task WHERE organization_id = $1 AND episode_id = $2 AND rule = $3 AND state = 'open' AND source = 'attention'
