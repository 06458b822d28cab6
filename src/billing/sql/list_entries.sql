-- A patient's minutes on some days, corrected ones too; $1 organization, $2 patient, $3 first day, $4 last day
SELECT patient_id, entry_date, entry_id, staff_id, staff_name, minutes, activity, start_minute, separately_billed, contact_id, staff_role,
  note, source, entered_by, entered_at, ended_at, ended_by, end_reason, replaced_by_id
FROM time_entry WHERE organization_id = $1 AND patient_id = $2 AND entry_date >= $3 AND entry_date <= $4
ORDER BY entry_date, start_minute NULLS LAST, entry_id
