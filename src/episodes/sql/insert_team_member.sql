-- Adds somebody to the care team; $1 organization, $2 episode, $3 member, $4 role, $5 user, $6 name, $7 since, $8 until
INSERT INTO care_team_member (organization_id, episode_id, member_id, role, user_id, name, since_date, until_date)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
