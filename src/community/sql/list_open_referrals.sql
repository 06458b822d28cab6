-- Open referrals of a site, the longest waiting first; $1 organization, $2 site, $3 and $4 day sent and id to begin after, $5 how many,
-- $6 owner or NULL, $7 kind or NULL
SELECT patient_id, referral_id, site_id, need_id, kind, service_id, state, sent_date, sent_by_way, shares, consent_method, consent_date,
  consent_recorded_by, consent_withdrawn_date, accepted_date, declined_date, seen_date, seen_confirmed_by, closed_date, outcome, reason, owner_id,
  note, labels, created_by, created_at, version
FROM community_referral WHERE organization_id = $1 AND site_id = $2 AND state <> 'closed' AND sent_date >= $3 AND (sent_date > $3 OR referral_id > $4)
  AND (owner_id = $6 OR $6 IS NULL) AND (kind = $7 OR $7 IS NULL)
ORDER BY sent_date, referral_id LIMIT $5
