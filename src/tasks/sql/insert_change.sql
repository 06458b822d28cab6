-- What happened to a task; $1 organization, then the columns in order
INSERT INTO task_change (organization_id, task_id, change_id, at, by_user, kind, owner_before, owner_after, due_before, due_after, text_before, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
