-- The newest version of a patient's safety plan; $1 organization, $2 patient
SELECT version, plan_id, patient_id, written_at, written_on, written_by, written_with, language, steps, reason, written_by_kind FROM safety_plan WHERE organization_id = $1 AND patient_id = $2 ORDER BY version DESC LIMIT 1
