-- What happened to a patient's needs, in order; $1 organization, $2 patient
SELECT need_id, change_id, at, by_kind, by_id, on_behalf_by, state_before, state_after, reason
FROM social_need_change WHERE organization_id = $1 AND patient_id = $2 ORDER BY at, change_id
