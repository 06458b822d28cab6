-- Choices of pathway of an episode, newest first; $1 organization, $2 episode
SELECT choice_id, chosen_date, from_pathway, to_pathway, reason, by_user
FROM episode_pathway WHERE organization_id = $1 AND episode_id = $2 ORDER BY at DESC, choice_id DESC
