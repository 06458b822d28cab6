-- A patient's coverage periods, newest first; $1 organization, $2 patient
SELECT coverage_id, patient_id, payer_category, plan_name, start_date, end_date, version
FROM coverage WHERE organization_id = $1 AND patient_id = $2 ORDER BY start_date DESC, coverage_id
