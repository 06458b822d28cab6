-- Keeps a view the patient gave; $1 organization, then the columns in order
INSERT INTO care_plan_view (organization_id, patient_id, plan_id, plan_version, view_id, patient_view, patient_words, view_date,
  recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
