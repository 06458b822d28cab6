-- Recorded initiating visits of a range of patients; $1 organization, $2 first patient, $3 last patient, $4 last day
SELECT patient_id, visit_date FROM initiating_visit
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND visit_date <= $4 AND removed_at IS NULL
