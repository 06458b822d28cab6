-- What everybody is called; $1 organization.
SELECT user_id, display_name FROM user_account WHERE organization_id = $1
