-- Minutes of everybody on some days, from the index alone; $1 organization, $2 first day, $3 last day
SELECT patient_id, entry_date, entry_id, staff_id, staff_name, minutes, activity, start_minute, separately_billed, staff_role, entered_at
FROM time_entry WHERE organization_id = $1 AND entry_date >= $2 AND entry_date <= $3 AND ended_at IS NULL
