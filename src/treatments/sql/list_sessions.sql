-- A patient's sessions of psychotherapy, newest first; $1 organization, $2 patient
SELECT patient_id, psychotherapy_session_id, treatment_id, session_date, approach, minutes, focus, homework, contact_id, held_by, recorded_at
FROM psychotherapy_session WHERE organization_id = $1 AND patient_id = $2 ORDER BY session_date DESC, psychotherapy_session_id DESC
