-- A new plan; $1 organization, then the columns in order
INSERT INTO care_plan (organization_id, patient_id, plan_id, kind, title, status, start_date, ended_date, end_reason, labels, source, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
