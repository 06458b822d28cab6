-- A version of a safety plan; $1 organization, then the columns in order
INSERT INTO safety_plan (organization_id, version, plan_id, patient_id, written_at, written_on, written_by, written_with, language, steps, reason, written_by_kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
