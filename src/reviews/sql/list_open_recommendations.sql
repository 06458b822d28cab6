-- Recommendations in one state in the order they were sent, after one of them; $1 organization, $2 state, $3 and $4 day and id to begin
-- after, $5 how many
SELECT patient_id, recommendation_id, review_id, position, kind, text, medication, dose, treatment_id, to_role, to_user_id, urgency, state, author_id,
  created_at, sent_date, read_at, answered_date, answered_by, answer_reason, done_date, closed_by_treatment_id, trial_dose, trial_weeks, trial_reason,
  withdrawn_reason, ended_date, source, version
FROM recommendation
WHERE organization_id = $1 AND state = $2 AND sent_date >= $3 AND (sent_date > $3 OR recommendation_id > $4)
ORDER BY sent_date, recommendation_id LIMIT $5
