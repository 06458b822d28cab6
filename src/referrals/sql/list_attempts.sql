-- Attempts to reach the person, in order; $1 organization, $2 referral
SELECT attempt_id, referral_id, at, attempt_date, by_user, modality, result, note
FROM referral_attempt WHERE organization_id = $1 AND referral_id = $2 ORDER BY attempt_date, at, attempt_id
