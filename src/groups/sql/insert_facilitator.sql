-- Somebody leads a group; $1 organization, $2 group, $3 user
INSERT INTO group_facilitator (organization_id, group_id, user_id) VALUES ($1, $2, $3)
