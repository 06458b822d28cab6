-- Nobody signs in as this person any more; $1 organization, $2 user, $3 now.
UPDATE user_account SET disabled_at = $3, version = version + 1 WHERE organization_id = $1 AND user_id = $2 AND disabled_at IS NULL
