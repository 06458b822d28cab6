-- All referrals of a site, newest first; $1 organization, $2 site, $3 and $4 date and id to begin after, $5 how many
SELECT referral_id, patient_id, site_id, referred_by, referred_by_user, reason, received_at, received_date, outcome, outcome_date,
  seen_elsewhere_date, version
FROM referral WHERE organization_id = $1 AND site_id = $2
  AND received_date <= $3 AND (received_date < $3 OR referral_id < $4)
ORDER BY received_date DESC, referral_id DESC LIMIT $5
