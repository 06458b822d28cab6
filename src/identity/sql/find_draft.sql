-- What somebody is writing; $1 organization, $2 user, $3 key
SELECT words, updated_at, version FROM draft WHERE organization_id = $1 AND user_id = $2 AND draft_key = $3
