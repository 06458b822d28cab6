-- A new hand-over; $1 organization, then the columns in order
INSERT INTO hand_over (organization_id, hand_over_id, site_id, from_user, to_user, from_date, until_date, planned_until_date, all_patients,
  patients, tasks, reason, made_by, made_at, ended_by, ended_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
