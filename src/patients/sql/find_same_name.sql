-- Patients with this folded name and birth date; $1 organization, $2 folded name, $3 birth date
SELECT patient_id FROM patient WHERE organization_id = $1 AND name_folded = $2 AND birth_date = $3 ORDER BY patient_id LIMIT 20
