-- What people changed about a session's agenda; $1 organization, $2 session
SELECT patient_id, position, decision, reason, minutes, decided_by, decided_at
FROM review_agenda_edit WHERE organization_id = $1 AND session_id = $2 ORDER BY position NULLS LAST, decided_at, patient_id
