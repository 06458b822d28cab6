-- A changed referral of an import; $1 organization, $2 referral, $3 site, $4 referred by, $5 reason, $6 received at, $7 received date, $8 outcome, $9 outcome date, $10 seen elsewhere
UPDATE referral SET site_id = $3, referred_by = $4, reason = $5, received_at = $6, received_date = $7, outcome = $8,
  outcome_date = $9, seen_elsewhere_date = $10, version = version + 1
WHERE organization_id = $1 AND referral_id = $2
