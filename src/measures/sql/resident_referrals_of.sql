-- Referrals of one patient; $1 organization, $2 patient
SELECT patient_id, referral_id, site_id, received_date
FROM referral
WHERE organization_id = $1 AND patient_id = $2
