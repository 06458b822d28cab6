-- A new case review; $1 organization, then the columns in order
INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_id, reviewer_name, question, recommendation_documented, recommendation,
  recommendation_to, recommendation_state, answered_date, answer_reason, done_date, source, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
