-- What happened to a referral; $1 organization, $2 patient, then the columns in order
INSERT INTO community_referral_event (organization_id, patient_id, referral_id, event_id, at, on_date, by_kind, by_id, on_behalf_by, kind, detail, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
