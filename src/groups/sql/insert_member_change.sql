-- What happened to a member; $1 organization, then the columns in order
INSERT INTO group_member_change (organization_id, group_id, member_id, change_id, at, by_kind, by_id, on_behalf_by, state_before, state_after, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
