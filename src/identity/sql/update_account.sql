-- A person's own settings; $1 organization, $2 user, $3 display name, $4 language, $5 version edited.
UPDATE user_account SET display_name = $3, language = $4, version = version + 1
WHERE organization_id = $1 AND user_id = $2 AND version = $5
