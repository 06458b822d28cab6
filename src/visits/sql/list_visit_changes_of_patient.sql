-- What happened to a patient's visits, in order; $1 organization, $2 patient
SELECT c.change_id, c.visit_id, c.at, c.by_id, c.by_kind, c.on_behalf_by, c.kind, c.starts_before, c.ends_before, c.staff_before, c.kind_before, c.reason
FROM visit v JOIN visit_change c ON c.organization_id = v.organization_id AND c.visit_id = v.visit_id
WHERE v.organization_id = $1 AND v.patient_id = $2 ORDER BY c.at, c.change_id
