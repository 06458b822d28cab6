-- A person's named views, by name; $1 organization, $2 user
SELECT view_id, name, query, updated_at, version FROM saved_view WHERE organization_id = $1 AND user_id = $2 ORDER BY name_folded, view_id
