-- Keeps a goal's former words; $1 organization, then the columns in order
INSERT INTO goal_revision (organization_id, patient_id, goal_id, version, statement, confidence, obstacle, obstacle_plan, changed_date, changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
