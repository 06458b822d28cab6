-- Whether an attempt is there; $1 organization, $2 referral, $3 attempt
SELECT CAST(1 AS BIGINT) FROM referral_attempt
WHERE organization_id = $1 AND referral_id = $2 AND attempt_id = $3
