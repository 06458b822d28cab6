-- What was done for a range of patients since a day, in order; $1 organization, $2 first patient, $3 last patient, $4 the day
SELECT patient_id, day, step_id, act, why, due_date, instruments, object_id, at FROM reminder_step
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND day >= $4
ORDER BY patient_id, day
