-- Open tasks of a site, oldest due first; $1 organization, $2 site, $3 and $4 due day and id to begin after, $5 how many,
-- $6 owner or NULL
SELECT task_id, site_id, patient_id, episode_id, title, note, due_date, owner_id, source, rule, source_id, state, reason, created_by, created_at,
  closed_by, closed_at, version
FROM task WHERE organization_id = $1 AND site_id = $2 AND state = 'open' AND due_date >= $3 AND (due_date > $3 OR task_id > $4)
  AND (owner_id = $6 OR $6 IS NULL)
ORDER BY due_date, task_id LIMIT $5
