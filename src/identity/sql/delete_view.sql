-- Removes a view, which is nobody's record; $1 organization, $2 user, $3 view
DELETE FROM saved_view WHERE organization_id = $1 AND user_id = $2 AND view_id = $3
