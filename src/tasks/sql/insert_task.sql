-- A new task; $1 organization, then the columns in order
INSERT INTO task (organization_id, task_id, site_id, patient_id, episode_id, title, note, due_date, owner_id, source, rule, source_id, state,
  reason, created_by, created_at, closed_by, closed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
