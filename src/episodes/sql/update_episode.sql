-- Changes an episode if the version is still the one that was edited; $1 organization, $2 episode, $3 that version, then the columns, $20 now
UPDATE episode SET state = $4, primary_condition = $5, primary_instrument = $6, target = $7, pathway = $8, care_manager_id = $9,
  billing_practitioner = $10, consultant_id = $11, assessed_date = $12, enrolled_date = $13, relapse_prevention_date = $14,
  on_hold_date = $15, closed_date = $16, close_reason = $17, labels = $18, referral_id = $19, updated_at = $20, version = version + 1
WHERE organization_id = $1 AND episode_id = $2 AND version = $3
