-- Needs of a patient, newest first; $1 organization, $2 patient
SELECT patient_id, need_id, kind, state, later_until, source, found_date, note, labels, created_by, changed_at, version
FROM social_need WHERE organization_id = $1 AND patient_id = $2 ORDER BY need_id DESC
