-- How a referral ended, if the version is still the one that was edited; $1 organization, $2 referral, $3 that version, $4 outcome, $5 date
UPDATE referral SET outcome = $4, outcome_date = $5, version = version + 1
WHERE organization_id = $1 AND referral_id = $2 AND version = $3
