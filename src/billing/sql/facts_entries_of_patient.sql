-- Minutes for one patient on some days; $1 organization, $2 patient, $3 first day, $4 last day
SELECT patient_id, entry_date, entry_id, staff_id, staff_name, minutes, activity, start_minute, separately_billed, staff_role, entered_at
FROM time_entry WHERE organization_id = $1 AND patient_id = $2 AND entry_date >= $3 AND entry_date <= $4 AND ended_at IS NULL
ORDER BY entry_date, entry_id
