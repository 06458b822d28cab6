-- Open tasks of somebody, oldest due first; $1 organization, $2 owner, $3 and $4 due day and id to begin after, $5 how many
SELECT task_id, site_id, patient_id, episode_id, title, note, due_date, owner_id, source, rule, source_id, state, reason, created_by, created_at,
  closed_by, closed_at, version
FROM task WHERE organization_id = $1 AND owner_id = $2 AND state = 'open' AND due_date >= $3 AND (due_date > $3 OR task_id > $4)
ORDER BY due_date, task_id LIMIT $5
