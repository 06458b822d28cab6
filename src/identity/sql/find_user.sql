-- A person; $1 organization, $2 user. Columns as list_staff.
SELECT user_id, display_name, sign_in_name, password_hash, language, imported, failed_attempts, last_failed_at, disabled_at, version
FROM user_account WHERE organization_id = $1 AND user_id = $2
