-- A patient is added to or taken off an agenda; $1 organization, $2 session, $3 patient, $4 decision, $5 reason, $6 minutes, $7 by, $8 at
INSERT INTO review_agenda_edit (organization_id, session_id, patient_id, position, decision, reason, minutes, decided_by, decided_at)
VALUES ($1, $2, $3, NULL, $4, $5, $6, $7, $8)
ON CONFLICT (organization_id, session_id, patient_id) DO UPDATE SET decision = excluded.decision, reason = excluded.reason,
  minutes = excluded.minutes, decided_by = excluded.decided_by, decided_at = excluded.decided_at
