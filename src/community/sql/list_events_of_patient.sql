-- What happened to a patient's referrals, in order; $1 organization, $2 patient
SELECT referral_id, event_id, at, on_date, by_kind, by_id, on_behalf_by, kind, detail, reason
FROM community_referral_event WHERE organization_id = $1 AND patient_id = $2 ORDER BY at, event_id
