-- The next patients in care at a site, with what their episode says; $1 organization, $2 site, $3 after this patient, $4 how many
SELECT e.patient_id, e.episode_id, e.state, e.pathway, e.primary_instrument, e.referred_date, e.enrolled_date, e.care_manager_id,
  p.deceased_date
FROM episode e
JOIN patient p ON p.organization_id = e.organization_id AND p.patient_id = e.patient_id
WHERE e.organization_id = $1 AND p.site_id = $2 AND e.patient_id > $3 AND e.state IN ('active', 'relapse_prevention')
ORDER BY e.patient_id LIMIT $4
