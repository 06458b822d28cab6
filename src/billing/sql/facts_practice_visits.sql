-- Imported visits of a range of patients with their billing codes; $1 organization, $2 first patient, $3 last patient, $4 last day
SELECT patient_id, visit_date, billing_codes FROM practice_visit
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND visit_date <= $4 AND billing_codes <> ''
