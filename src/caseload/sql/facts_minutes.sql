-- Live minutes of a range of patients by day; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, entry_date, minutes, activity, staff_role, separately_billed
FROM time_entry
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND ended_at IS NULL
ORDER BY patient_id, entry_date
