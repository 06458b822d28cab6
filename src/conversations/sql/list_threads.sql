-- Threads of a patient, the newest word first; $1 organization, $2 patient
SELECT patient_id, thread_id, site_id, subject, state, addressee_id, opened_at, opened_by, last_at, last_by, waiting_since, waiting_date, answer_due,
  unread_staff, unread_patient, closed_reason, labels, version
FROM patient_thread WHERE organization_id = $1 AND patient_id = $2 ORDER BY last_at DESC, thread_id DESC
