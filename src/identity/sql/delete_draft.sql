-- Removes a draft: it was signed, or thrown away; $1 organization, $2 user, $3 key
DELETE FROM draft WHERE organization_id = $1 AND user_id = $2 AND draft_key = $3
