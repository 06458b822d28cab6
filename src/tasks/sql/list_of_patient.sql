-- Tasks about a patient; $1 organization, $2 patient
SELECT task_id, site_id, patient_id, episode_id, title, note, due_date, owner_id, source, rule, source_id, state, reason, created_by, created_at,
  closed_by, closed_at, version
FROM task WHERE organization_id = $1 AND patient_id = $2 ORDER BY task_id
