-- When each questionnaire was last answered; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, instrument, informant, MAX(administered_date) FROM measurement
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND replaced_by_id IS NULL
GROUP BY patient_id, instrument, informant
