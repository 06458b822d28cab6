-- A patient's place by hand; $1 organization, $2 session, $3 patient, $4 position, $5 by, $6 at
INSERT INTO review_agenda_edit (organization_id, session_id, patient_id, position, decision, reason, minutes, decided_by, decided_at)
VALUES ($1, $2, $3, $4, 'none', '', NULL, $5, $6)
ON CONFLICT (organization_id, session_id, patient_id) DO UPDATE SET position = excluded.position
