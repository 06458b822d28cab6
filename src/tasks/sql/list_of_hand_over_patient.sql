-- Hand-overs that name a patient; $1 organization, $2 patient
SELECT h.hand_over_id, h.site_id, h.from_user, h.to_user, h.from_date, h.until_date, h.planned_until_date, h.all_patients, h.patients, h.tasks,
  h.reason, h.made_by, h.made_at, h.ended_by, h.ended_at, h.version
FROM hand_over_patient p JOIN hand_over h ON h.organization_id = p.organization_id AND h.hand_over_id = p.hand_over_id
WHERE p.organization_id = $1 AND p.patient_id = $2 ORDER BY h.made_at, h.hand_over_id
