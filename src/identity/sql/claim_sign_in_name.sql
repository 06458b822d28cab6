-- Reserves a sign-in name in the whole installation; $1 folded name, $2 organization, $3 user.
INSERT INTO sign_in_name (name_folded, organization_id, user_id) VALUES ($1, $2, $3)
