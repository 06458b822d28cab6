-- A change of state; $1 organization, $2 episode, $3 transition, $4 at, $5 date, $6 from, $7 to, $8 who, $9 reason
INSERT INTO episode_transition (organization_id, episode_id, transition_id, at, transition_date, from_state, to_state, by_user, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
