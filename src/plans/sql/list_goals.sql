-- A patient's goals, active first, then newest; $1 organization, $2 patient
SELECT goal_id, what, where_with, how_often, times_per_week, until_date, confidence, obstacle, obstacle_plan, language, status,
  status_date, status_reason, start_date, last_reviewed_date, labels, source, version, how_long, days, day_time, written_by, on_behalf_by
FROM goal WHERE organization_id = $1 AND patient_id = $2
ORDER BY CASE status WHEN 'active' THEN 0 WHEN 'reached' THEN 1 WHEN 'stopped' THEN 2 ELSE 3 END, start_date DESC, goal_id DESC
