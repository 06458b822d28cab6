-- What happened to a need; $1 organization, $2 patient, then the columns in order
INSERT INTO social_need_change (organization_id, patient_id, need_id, change_id, at, by_kind, by_id, on_behalf_by, state_before, state_after, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
