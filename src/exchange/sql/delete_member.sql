-- A changed team member is written anew; $1 organization, $2 episode, $3 member
DELETE FROM care_team_member
WHERE organization_id = $1 AND episode_id = $2 AND member_id = $3
