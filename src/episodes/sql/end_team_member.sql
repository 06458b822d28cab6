-- Somebody leaves the care team; $1 organization, $2 episode, $3 member, $4 last day, $5 why, $6 who, $7 when
UPDATE care_team_member SET until_date = $4, until_reason = $5, ended_by = $6, ended_at = $7
WHERE organization_id = $1 AND episode_id = $2 AND member_id = $3 AND until_date IS NULL
