-- Referrals to the program; $1 organization
SELECT patient_id, referral_id, received_date
FROM referral
WHERE organization_id = $1
ORDER BY patient_id, referral_id
