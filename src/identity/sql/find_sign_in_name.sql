-- Who has a sign-in name; $1 folded name. Columns: organization, user.
SELECT organization_id, user_id FROM sign_in_name WHERE name_folded = $1
