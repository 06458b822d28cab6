-- Who the patients are; $1 organization, $2 first and $3 last patient
SELECT patient_id, site_id, birth_date, sex, race, ethnicity, language, interpreter_needed
FROM patient
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
