-- One patient in care; $1 organization, $2 patient
SELECT e.patient_id, e.episode_id, e.state, e.pathway, e.primary_instrument, e.referred_date, e.enrolled_date, e.care_manager_id,
  p.deceased_date
FROM episode e
JOIN patient p ON p.organization_id = e.organization_id AND p.patient_id = e.patient_id
WHERE e.organization_id = $1 AND e.patient_id = $2 AND e.state IN ('active', 'relapse_prevention')
