-- Keeps a choice of pathway; $1 organization, then the columns in order
INSERT INTO episode_pathway (organization_id, episode_id, choice_id, chosen_date, from_pathway, to_pathway, reason, by_user, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
