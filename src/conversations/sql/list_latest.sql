-- Threads of a site by their last word, newest first; $1 organization, $2 site, $3 and $4 before this time and thread, $5 how many
SELECT patient_id, thread_id, site_id, subject, state, addressee_id, opened_at, opened_by, last_at, last_by, waiting_since, waiting_date, answer_due,
  unread_staff, unread_patient, closed_reason, labels, version
FROM patient_thread WHERE organization_id = $1 AND site_id = $2 AND (last_at < $3 OR (last_at = $3 AND thread_id < $4))
ORDER BY last_at DESC, thread_id DESC LIMIT $5
