-- Treatments of a range of patients, a row for each dose change; $1 organization, $2 first patient, $3 last patient
SELECT t.patient_id, t.treatment_id, t.start_date, t.stop_date, c.change_date
FROM treatment t
LEFT JOIN treatment_change c ON c.organization_id = t.organization_id AND c.patient_id = t.patient_id AND c.treatment_id = t.treatment_id
WHERE t.organization_id = $1 AND t.patient_id BETWEEN $2 AND $3
ORDER BY t.patient_id, t.treatment_id
