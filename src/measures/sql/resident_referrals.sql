-- Referrals of everybody; $1 organization
SELECT patient_id, referral_id, site_id, received_date
FROM referral
WHERE organization_id = $1
