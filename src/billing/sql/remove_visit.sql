-- Takes an initiating visit back, which stays; $1 organization, $2 patient, $3 visit, $4 at
UPDATE initiating_visit SET removed_at = $4 WHERE organization_id = $1 AND patient_id = $2 AND visit_id = $3 AND removed_at IS NULL
