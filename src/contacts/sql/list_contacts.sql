-- A patient's contacts, newest first, without earlier wordings of edited ones; $1 organization, $2 patient
SELECT patient_id, contact_date, contact_id, started_at, staff_id, staff_role, kind, modality, minutes, with_whom, interventions, note,
  next_due_date, next_due_modality, source, labels, replaced_by_id, entered_at, version
FROM contact WHERE organization_id = $1 AND patient_id = $2 AND replaced_by_id IS NULL
ORDER BY contact_date DESC, entered_at DESC, contact_id DESC
