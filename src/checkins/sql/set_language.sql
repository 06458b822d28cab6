-- The language of the pages; $1 organization, $2 check-in, $3 language
UPDATE check_in SET language = $3 WHERE organization_id = $1 AND check_in_id = $2
