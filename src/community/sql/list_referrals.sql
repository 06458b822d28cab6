-- Referrals of a patient to services, newest first; $1 organization, $2 patient
SELECT patient_id, referral_id, site_id, need_id, kind, service_id, state, sent_date, sent_by_way, shares, consent_method, consent_date,
  consent_recorded_by, consent_withdrawn_date, accepted_date, declined_date, seen_date, seen_confirmed_by, closed_date, outcome, reason, owner_id,
  note, labels, created_by, created_at, version
FROM community_referral WHERE organization_id = $1 AND patient_id = $2 ORDER BY sent_date DESC, referral_id DESC
