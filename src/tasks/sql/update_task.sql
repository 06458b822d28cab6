-- Changes a task if the version is still the one that was edited; $1 organization, $2 task, $3 that version, $4 title, $5 note,
-- $6 due, $7 owner, $8 state, $9 reason, $10 closed by, $11 closed at
UPDATE task SET title = $4, note = $5, due_date = $6, owner_id = $7, state = $8, reason = $9, closed_by = $10, closed_at = $11,
  version = version + 1
WHERE organization_id = $1 AND task_id = $2 AND version = $3
