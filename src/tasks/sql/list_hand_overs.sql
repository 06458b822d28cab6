-- Hand-overs of a site, newest first; $1 organization, $2 site, $3 and $4 time and id to begin after, $5 how many, $6 covers
-- that end before this day are left out and so are those for good (NULL: everything)
SELECT hand_over_id, site_id, from_user, to_user, from_date, until_date, planned_until_date, all_patients, patients, tasks, reason, made_by, made_at,
  ended_by, ended_at, version
FROM hand_over WHERE organization_id = $1 AND site_id = $2 AND made_at <= $3 AND (made_at < $3 OR hand_over_id < $4)
  AND (until_date >= $6 OR $6 IS NULL)
ORDER BY made_at DESC, hand_over_id DESC LIMIT $5
