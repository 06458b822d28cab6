-- A new version of a plan; $1 organization, then the columns in order
INSERT INTO care_plan_version (organization_id, patient_id, plan_id, plan_version, state, language, content, reason, written_date,
  written_by, effective_date, replaced_date, patient_view, patient_words, patient_view_date)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
