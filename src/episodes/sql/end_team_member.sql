-- Somebody leaves the care team; $1 organization, $2 episode, $3 member, $4 last day
UPDATE care_team_member SET until_date = $4
WHERE organization_id = $1 AND episode_id = $2 AND member_id = $3 AND until_date IS NULL
