-- Takes a service billed elsewhere back, which stays; $1 organization, $2 patient, $3 service, $4 at
UPDATE outside_service SET removed_at = $4 WHERE organization_id = $1 AND patient_id = $2 AND service_id = $3 AND removed_at IS NULL
