-- Referrals of a range of patients, a row for each attempt; $1 organization, $2 first patient, $3 last patient
SELECT r.patient_id, r.referral_id, r.received_date, r.outcome, r.outcome_date, r.seen_elsewhere_date, a.attempt_id, a.attempt_date, a.result
FROM referral r
LEFT JOIN referral_attempt a ON a.organization_id = r.organization_id AND a.referral_id = r.referral_id
WHERE r.organization_id = $1 AND r.patient_id BETWEEN $2 AND $3
ORDER BY r.patient_id, r.referral_id
