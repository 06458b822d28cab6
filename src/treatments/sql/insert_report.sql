-- A report; $1 organization, then the columns in order
INSERT INTO treatment_report (organization_id, patient_id, report_id, treatment_id, report_date, adherence, side_effects, bother, contact_id,
  reported_by, reported_at, reporter_kind, labels)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
