-- What happened to a task, in order; $1 organization, $2 task
SELECT change_id, task_id, at, by_user, kind, owner_before, owner_after, due_before, due_after, text_before, reason
FROM task_change WHERE organization_id = $1 AND task_id = $2 ORDER BY at, change_id
