-- How to reach a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, site_id, language, preferred_channel, phone, email, deceased_date, birth_date FROM patient
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 ORDER BY patient_id
