-- Ticks and reviews of all goals of a patient, oldest first; $1 organization, $2 patient
SELECT goal_id, entry_id, entry_date, kind, result, confidence, note, recorded_by, told_by, on_behalf_by
FROM goal_entry WHERE organization_id = $1 AND patient_id = $2 ORDER BY goal_id, entry_date, entry_id
