-- Covers that run on a day, a row for each chosen patient; $1 organization, $2 day
SELECT h.hand_over_id, h.site_id, h.from_user, h.to_user, h.from_date, h.until_date, h.all_patients, p.patient_id
FROM hand_over h LEFT JOIN hand_over_patient p ON p.organization_id = h.organization_id AND p.hand_over_id = h.hand_over_id
  AND NOT h.all_patients
WHERE h.organization_id = $1 AND h.until_date >= $2 AND h.from_date <= $2 ORDER BY h.from_date, h.hand_over_id, p.patient_id
