-- How a referral ended, unless that is known already; $1 organization, $2 referral, $3 outcome, $4 date
UPDATE referral SET outcome = $3, outcome_date = $4, version = version + 1
WHERE organization_id = $1 AND referral_id = $2 AND outcome IS NULL
