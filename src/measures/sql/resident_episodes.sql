-- Episodes of everybody; $1 organization
SELECT patient_id, episode_id, site_id, care_manager_id, pathway, primary_instrument, referral_id, referred_date, assessed_date, enrolled_date,
  closed_date, relapse_prevention_date
FROM episode
WHERE organization_id = $1
