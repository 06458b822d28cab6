-- What happened to a visit, in order; $1 organization, $2 visit
SELECT change_id, visit_id, at, by_id, by_kind, on_behalf_by, kind, starts_before, ends_before, staff_before, kind_before, reason
FROM visit_change WHERE organization_id = $1 AND visit_id = $2 ORDER BY at, change_id
