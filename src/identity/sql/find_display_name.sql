-- What a person is called; $1 organization, $2 user.
SELECT display_name FROM user_account WHERE organization_id = $1 AND user_id = $2
