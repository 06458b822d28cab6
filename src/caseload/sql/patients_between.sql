-- Patients of a range, at most so many; $1 organization, $2 first patient, $3 last patient, $4 how many
SELECT patient_id FROM patient WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 ORDER BY patient_id LIMIT $4
