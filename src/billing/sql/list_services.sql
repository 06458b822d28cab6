-- A patient's services billed elsewhere, newest first; $1 organization, $2 patient
SELECT service_id, service_date, code, practitioner, recorded_by, recorded_at FROM outside_service
WHERE organization_id = $1 AND patient_id = $2 AND removed_at IS NULL ORDER BY service_date DESC, service_id DESC
