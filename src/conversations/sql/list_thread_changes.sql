-- What staff did to a thread besides writing, oldest first; $1 organization, $2 patient, $3 thread
SELECT change_id, changed_at, changed_by, kind, from_user_id, to_user_id, reason
FROM patient_thread_change WHERE organization_id = $1 AND patient_id = $2 AND thread_id = $3 ORDER BY change_id
