-- Episodes of a range of patients with what the row shows of the patient; $1 organization, $2 first patient, $3 last patient
SELECT e.patient_id, e.episode_id, e.site_id, e.state, e.primary_instrument, e.target, e.care_manager_id, u.display_name,
  e.referred_date, e.assessed_date, e.enrolled_date, e.relapse_prevention_date, e.on_hold_date, e.closed_date, e.close_reason,
  e.referral_id, p.given_name, p.family_name, p.birth_date, s.time_zone, e.pathway, p.language, u.disabled_at
FROM episode e
JOIN patient p ON p.organization_id = e.organization_id AND p.patient_id = e.patient_id
JOIN site s ON s.organization_id = e.organization_id AND s.site_id = e.site_id
LEFT JOIN user_account u ON u.organization_id = e.organization_id AND u.user_id = e.care_manager_id
WHERE e.organization_id = $1 AND e.patient_id BETWEEN $2 AND $3
ORDER BY e.patient_id
