-- The patient's episodes, newest first; $1 organization, $2 patient
SELECT episode_id, patient_id, site_id, referral_id, state, primary_condition, primary_instrument, target, pathway, care_manager_id,
  billing_practitioner, consultant_id, referred_date, assessed_date, enrolled_date, relapse_prevention_date, on_hold_date, closed_date,
  close_reason, labels, version
FROM episode WHERE organization_id = $1 AND patient_id = $2 ORDER BY referred_date DESC, episode_id DESC
