-- One referral; $1 organization, $2 referral
SELECT referral_id, patient_id, site_id, referred_by, referred_by_user, reason, received_at, received_date, outcome, outcome_date,
  seen_elsewhere_date, version
FROM referral WHERE organization_id = $1 AND referral_id = $2
