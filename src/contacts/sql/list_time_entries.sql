-- A patient's time entries of some days that were not corrected or removed, in order; $1 organization, $2 patient, $3 first day, $4 last day
SELECT patient_id, entry_date, entry_id, staff_id, staff_name, minutes, activity, start_minute, separately_billed, contact_id, staff_role
FROM time_entry WHERE organization_id = $1 AND patient_id = $2 AND entry_date >= $3 AND entry_date <= $4 AND ended_at IS NULL
ORDER BY entry_date, start_minute, entry_id
