-- A new safety event; $1 organization, then the columns in order
INSERT INTO safety_event (organization_id, patient_id, safety_event_id, signalled_at, signalled_date, signal, measurement_id, note, due_at, acknowledged_by, acknowledged_at, level,
  disposition, closed_by, closed_at, reassess_date, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
