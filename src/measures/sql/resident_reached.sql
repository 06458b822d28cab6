-- Attempts that reached the person; $1 organization
SELECT referral_id, attempt_date
FROM referral_attempt
WHERE organization_id = $1 AND result IN ('reached', 'declined')
