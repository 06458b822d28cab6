-- Whether a team member is there; $1 organization, $2 episode, $3 member
SELECT 1 FROM care_team_member
WHERE organization_id = $1 AND episode_id = $2 AND member_id = $3
