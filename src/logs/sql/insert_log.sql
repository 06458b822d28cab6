-- Something a patient wrote down; $1 organization, then the columns in order
INSERT INTO patient_log (organization_id, patient_id, log_date, log_id, kind, score, words, pleasure, mastery, treatment_id, taken, bother, labels, logged_by, on_behalf_by, logged_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
