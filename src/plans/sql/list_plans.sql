-- A patient's plans, open first, what was imported last; $1 organization, $2 patient
SELECT plan_id, kind, title, status, start_date, ended_date, end_reason, labels, source, version
FROM care_plan WHERE organization_id = $1 AND patient_id = $2
ORDER BY CASE WHEN kind = 'imported' THEN 1 ELSE 0 END, CASE WHEN status = 'open' THEN 0 ELSE 1 END, start_date DESC, plan_id DESC
