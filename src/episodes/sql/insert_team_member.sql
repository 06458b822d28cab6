-- Adds somebody to the care team; $1 organization, $2 episode, $3 member, $4 role, $5 user, $6 name, $7 since, $8 until, $9 phone,
-- $10 relationship, $11 informant, $12 who, $13 when
INSERT INTO care_team_member (organization_id, episode_id, member_id, role, user_id, name, since_date, until_date, phone, relationship,
  informant, added_by, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
