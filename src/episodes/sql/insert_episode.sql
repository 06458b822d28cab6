-- A new episode; $1 organization, $2 to $22 the columns in order, $23 now
INSERT INTO episode (organization_id, episode_id, patient_id, site_id, referral_id, state, primary_condition, primary_instrument, target, pathway, care_manager_id,
  billing_practitioner, consultant_id, referred_date, assessed_date, enrolled_date, relapse_prevention_date, on_hold_date, closed_date,
  close_reason, labels, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23)
