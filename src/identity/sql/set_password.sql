-- A new password; $1 organization, $2 user, $3 hash.
UPDATE user_account SET password_hash = $3, failed_attempts = 0, last_failed_at = NULL WHERE organization_id = $1 AND user_id = $2
