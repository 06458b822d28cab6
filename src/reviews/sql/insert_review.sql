-- A new case review; $1 organization, then the columns in order
INSERT INTO review (organization_id, patient_id, review_date, review_id, reviewer_id, reviewer_name, question, recommendation_documented, source, version, session_id, notes, signed_at, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
