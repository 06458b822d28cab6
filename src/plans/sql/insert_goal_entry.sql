-- A tick or a review of a goal; $1 organization, then the columns in order
INSERT INTO goal_entry (organization_id, patient_id, goal_id, entry_date, entry_id, kind, result, confidence, note, recorded_by, recorded_at,
  told_by, on_behalf_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
