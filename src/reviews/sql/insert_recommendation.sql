-- A new recommendation; $1 organization, then the columns in order
INSERT INTO recommendation (organization_id, patient_id, recommendation_id, review_id, position, kind, text, medication, dose, treatment_id, to_role, to_user_id, urgency, state, author_id,
  created_at, sent_date, read_at, answered_date, answered_by, answer_reason, done_date, closed_by_treatment_id, trial_dose, trial_weeks, trial_reason,
  withdrawn_reason, ended_date, source, version, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
