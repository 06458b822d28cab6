-- A recommendation after a step or an edit, if the version is still the one that was read; $1 organization, $2 patient, $3 recommendation, $4 that version, then what may change
UPDATE recommendation SET kind = $5, text = $6, medication = $7, dose = $8, treatment_id = $9, to_role = $10, to_user_id = $11, urgency = $12,
  state = $13, sent_date = $14, read_at = $15, answered_date = $16, answered_by = $17, answer_reason = $18, done_date = $19,
  closed_by_treatment_id = $20, trial_dose = $21, trial_weeks = $22, trial_reason = $23, withdrawn_reason = $24, ended_date = $25,
  version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND recommendation_id = $3 AND version = $4
