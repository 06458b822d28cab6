-- Who leads a group; $1 organization, $2 group
SELECT user_id FROM group_facilitator WHERE organization_id = $1 AND group_id = $2 ORDER BY user_id
