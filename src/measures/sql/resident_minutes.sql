-- Minutes that were not corrected; $1 organization, $2 first and $3 last patient
SELECT patient_id, entry_date, staff_role, minutes
FROM time_entry
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND ended_at IS NULL
