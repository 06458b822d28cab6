-- A consent; $1 organization, $2 to $11 the columns in order, $12 when it was recorded
INSERT INTO consent (organization_id, consent_id, patient_id, kind, method, text_version, language, given_date, withdrawn_date, recorded_by, version, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
