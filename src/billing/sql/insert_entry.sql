-- Minutes that somebody typed in or timed; $1 organization, then the columns in order
INSERT INTO time_entry (organization_id, patient_id, entry_date, entry_id, staff_id, staff_name, minutes, activity, start_minute,
  separately_billed, contact_id, staff_role, note, source, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
