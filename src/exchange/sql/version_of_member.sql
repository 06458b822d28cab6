-- Whether a team member is there; $1 organization, $2 episode, $3 member
SELECT CAST(1 AS BIGINT) FROM care_team_member
WHERE organization_id = $1 AND episode_id = $2 AND member_id = $3
