-- A new goal; $1 organization, then the columns in order
INSERT INTO goal (organization_id, patient_id, goal_id, what, where_with, how_often, times_per_week, until_date, confidence, obstacle,
  obstacle_plan, language, status, status_date, status_reason, start_date, last_reviewed_date, labels, source, version, how_long, days,
  day_time, written_by, on_behalf_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
