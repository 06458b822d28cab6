-- Recommendations of a patient, by review; $1 organization, $2 patient
SELECT patient_id, recommendation_id, review_id, position, kind, text, medication, dose, treatment_id, to_role, to_user_id, urgency, state, author_id,
  created_at, sent_date, read_at, answered_date, answered_by, answer_reason, done_date, closed_by_treatment_id, trial_dose, trial_weeks, trial_reason,
  withdrawn_reason, ended_date, source, version
FROM recommendation WHERE organization_id = $1 AND patient_id = $2 ORDER BY review_id, position
