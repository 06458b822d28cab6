-- Changes of state of an episode in the order they were made; $1 organization, $2 episode
SELECT transition_id, transition_date, from_state, to_state, by_user, reason, at
FROM episode_transition WHERE organization_id = $1 AND episode_id = $2 ORDER BY at, transition_id
