-- Open episodes of a care manager at a site; $1 organization, $2 care manager, $3 site, $4 how many
SELECT episode_id, patient_id, site_id, referral_id, state, primary_condition, primary_instrument, target, pathway, care_manager_id,
  billing_practitioner, consultant_id, referred_date, assessed_date, enrolled_date, relapse_prevention_date, on_hold_date, closed_date,
  close_reason, labels, version
FROM episode WHERE organization_id = $1 AND care_manager_id = $2 AND site_id = $3 AND state <> 'closed' ORDER BY patient_id LIMIT $4
