-- What happened to a member, in order; $1 organization, $2 group, $3 member
SELECT group_id, member_id, change_id, at, by_kind, by_id, on_behalf_by, state_before, state_after, reason
FROM group_member_change WHERE organization_id = $1 AND group_id = $2 AND member_id = $3 ORDER BY at, change_id
