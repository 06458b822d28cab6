-- New feedback; $1 organization, then the columns in order
INSERT INTO feedback (organization_id, feedback_id, patient_id, site_id, sent_at, topic, words, language, anonymous, state, labels, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
