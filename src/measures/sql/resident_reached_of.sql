-- Attempts that reached one patient; $1 organization, $2 patient
SELECT a.referral_id, a.attempt_date
FROM referral r
JOIN referral_attempt a ON a.organization_id = r.organization_id AND a.referral_id = r.referral_id
WHERE r.organization_id = $1 AND r.patient_id = $2 AND a.result IN ('reached', 'declined')
