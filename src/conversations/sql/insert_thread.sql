-- A new thread; $1 organization, then the columns in order
INSERT INTO patient_thread (organization_id, patient_id, thread_id, site_id, subject, state, addressee_id, opened_at, opened_by, last_at, last_by, waiting_since, waiting_date, answer_due,
  unread_staff, unread_patient, closed_reason, labels, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
