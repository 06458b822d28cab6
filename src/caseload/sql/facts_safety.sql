-- Safety signals of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, safety_event_id, signalled_date, signal, measurement_id, due_at, closed_at, level, reassess_date
FROM safety_event
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
ORDER BY patient_id
