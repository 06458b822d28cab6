-- Nobody leads the group, until others are named; $1 organization, $2 group
DELETE FROM group_facilitator WHERE organization_id = $1 AND group_id = $2
