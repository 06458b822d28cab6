-- Referrals of a site that wait for an outcome, or were sent to another level of care and not yet seen there, longest waiting
-- first; $1 organization, $2 site, $3 and $4 date and id to begin after, $5 how many
SELECT referral_id, patient_id, site_id, referred_by, referred_by_user, reason, received_at, received_date, outcome, outcome_date,
  seen_elsewhere_date, version
FROM referral WHERE organization_id = $1 AND site_id = $2 AND outcome IS NULL
  AND received_date >= $3 AND (received_date > $3 OR referral_id > $4)
UNION ALL
SELECT referral_id, patient_id, site_id, referred_by, referred_by_user, reason, received_at, received_date, outcome, outcome_date,
  seen_elsewhere_date, version
FROM referral WHERE organization_id = $1 AND site_id = $2 AND outcome = 'other_level_of_care' AND seen_elsewhere_date IS NULL
  AND received_date >= $3 AND (received_date > $3 OR referral_id > $4)
ORDER BY received_date, referral_id LIMIT $5
