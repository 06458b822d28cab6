-- A piece given to a patient; $1 organization, then the columns in order
INSERT INTO education_assignment (organization_id, patient_id, assignment_id, piece, language, note, labels, assigned_by, assigned_at,
  assigned_date, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
