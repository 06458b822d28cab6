-- Changes a view if the version is still the one that was edited; $1 organization, $2 user, $3 view, $4 that version, $5 name,
-- $6 folded name, $7 query, $8 now
UPDATE saved_view SET name = $5, name_folded = $6, query = $7, updated_at = $8, version = version + 1
WHERE organization_id = $1 AND user_id = $2 AND view_id = $3 AND version = $4
