-- One more failed sign-in; $1 organization, $2 user, $3 now.
UPDATE user_account SET failed_attempts = failed_attempts + 1, last_failed_at = $3 WHERE organization_id = $1 AND user_id = $2
