-- What happened to a patient's tasks; $1 organization, $2 patient. The task's title, owner and author come last.
SELECT c.change_id, c.task_id, c.at, c.by_user, c.kind, c.owner_before, c.owner_after, c.due_before, c.due_after, c.text_before, c.reason,
  t.title, t.owner_id, t.created_by
FROM task t JOIN task_change c ON c.organization_id = t.organization_id AND c.task_id = t.task_id
WHERE t.organization_id = $1 AND t.patient_id = $2 ORDER BY c.at, c.change_id
