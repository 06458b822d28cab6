-- Changes a referral if the version is still the one that was edited; $1 organization, $2 patient, $3 referral, $4 that version, then the columns
UPDATE community_referral SET state = $5, consent_withdrawn_date = $6, accepted_date = $7, declined_date = $8, seen_date = $9,
  seen_confirmed_by = $10, closed_date = $11, outcome = $12, reason = $13, owner_id = $14, note = $15, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND referral_id = $3 AND version = $4
