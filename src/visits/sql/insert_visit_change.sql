-- What happened to a visit; $1 organization, then the columns in order
INSERT INTO visit_change (organization_id, visit_id, change_id, at, by_id, by_kind, on_behalf_by, kind, starts_before, ends_before,
  staff_before, kind_before, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
