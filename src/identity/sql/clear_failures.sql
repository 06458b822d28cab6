-- A sign-in succeeded; $1 organization, $2 user.
UPDATE user_account SET failed_attempts = 0, last_failed_at = NULL WHERE organization_id = $1 AND user_id = $2 AND failed_attempts > 0
