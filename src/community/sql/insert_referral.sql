-- A new referral; $1 organization, then the columns in order
INSERT INTO community_referral (organization_id, patient_id, referral_id, site_id, need_id, kind, service_id, state, sent_date, sent_by_way, shares, consent_method, consent_date,
  consent_recorded_by, consent_withdrawn_date, accepted_date, declined_date, seen_date, seen_confirmed_by, closed_date, outcome, reason, owner_id,
  note, labels, created_by, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
