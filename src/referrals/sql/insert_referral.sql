-- A new referral; $1 organization, then the columns in order
INSERT INTO referral (organization_id, referral_id, patient_id, site_id, referred_by, referred_by_user, reason, received_at, received_date, outcome, outcome_date,
  seen_elsewhere_date, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
