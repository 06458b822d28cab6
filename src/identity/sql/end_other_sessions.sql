-- Forced sign-out; $1 organization, $2 user, $3 token hash to keep, $4 now, $5 why.
UPDATE session SET ended_at = $4, ended_because = $5 WHERE organization_id = $1 AND user_id = $2 AND token_hash <> $3 AND ended_at IS NULL
