-- Stops a person's clock; $1 organization, $2 user
DELETE FROM running_timer WHERE organization_id = $1 AND user_id = $2
