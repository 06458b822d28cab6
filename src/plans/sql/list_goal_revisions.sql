-- Former words of all goals of a patient, oldest first; $1 organization, $2 patient
SELECT goal_id, version, statement, confidence, obstacle, obstacle_plan, changed_date, changed_by
FROM goal_revision WHERE organization_id = $1 AND patient_id = $2 ORDER BY goal_id, version
