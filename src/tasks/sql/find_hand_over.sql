-- One hand-over; $1 organization, $2 hand-over
SELECT hand_over_id, site_id, from_user, to_user, from_date, until_date, planned_until_date, all_patients, patients, tasks, reason, made_by, made_at,
  ended_by, ended_at, version
FROM hand_over WHERE organization_id = $1 AND hand_over_id = $2
