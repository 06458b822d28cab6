-- Covers of a site that touch some days; $1 organization, $2 site, $3 first day, $4 last day
SELECT hand_over_id, site_id, from_user, to_user, from_date, until_date, planned_until_date, all_patients, patients, tasks, reason, made_by, made_at,
  ended_by, ended_at, version
FROM hand_over WHERE organization_id = $1 AND until_date >= $3 AND from_date <= $4 AND site_id = $2 ORDER BY from_date, hand_over_id
