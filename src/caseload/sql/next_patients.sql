-- The next patients in id order; $1 organization, $2 after this patient, $3 how many
SELECT patient_id FROM patient WHERE organization_id = $1 AND patient_id > $2 ORDER BY patient_id LIMIT $3
