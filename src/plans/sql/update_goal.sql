-- A goal after a change, if its version is still the one that was edited; $1 organization, $2 patient, $3 goal, $4 that version, then the columns
UPDATE goal SET what = $5, where_with = $6, how_often = $7, times_per_week = $8, until_date = $9, confidence = $10, obstacle = $11,
  obstacle_plan = $12, language = $13, status = $14, status_date = $15, status_reason = $16, last_reviewed_date = $17,
  how_long = $18, days = $19, day_time = $20,
  version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND goal_id = $3 AND version = $4
