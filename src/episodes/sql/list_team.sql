-- Care team of an episode, present members first; $1 organization, $2 episode
SELECT member_id, role, user_id, name, since_date, until_date, phone, relationship, informant, until_reason, added_by, added_at, ended_by,
  ended_at
FROM care_team_member WHERE organization_id = $1 AND episode_id = $2
ORDER BY CASE WHEN until_date IS NULL THEN 0 ELSE 1 END, role, name, member_id
