-- A thread after a word or an act, if its version is still the one that was read; $1 organization, $2 patient, $3 thread, $4 that version,
-- then the columns
UPDATE patient_thread SET state = $5, addressee_id = $6, last_at = $7, last_by = $8, waiting_since = $9, waiting_date = $10, answer_due = $11,
  unread_staff = $12, unread_patient = $13, closed_reason = $14, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND thread_id = $3 AND version = $4
