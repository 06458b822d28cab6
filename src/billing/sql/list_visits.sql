-- A patient's initiating visits, newest first; $1 organization, $2 patient
SELECT visit_id, visit_date, code, practitioner, source, recorded_by, recorded_at FROM initiating_visit
WHERE organization_id = $1 AND patient_id = $2 AND removed_at IS NULL ORDER BY visit_date DESC, visit_id DESC
