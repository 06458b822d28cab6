-- A new contact; $1 organization, then the columns in order
INSERT INTO contact (organization_id, patient_id, contact_date, contact_id, started_at, staff_id, staff_role, kind, modality, minutes, with_whom, interventions, note,
  next_due_date, next_due_modality, source, labels, replaced_by_id, entered_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
