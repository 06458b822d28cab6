-- A patient's conditions, those that stand first, then newest; $1 organization, $2 patient
SELECT condition_id, text, code, code_system, clinical_status, onset_date, ended_date, recorded_date, labels, source, version
FROM patient_condition WHERE organization_id = $1 AND patient_id = $2
ORDER BY CASE WHEN clinical_status IN ('active', 'recurrence', 'relapse', 'unknown') THEN 0 ELSE 1 END,
  onset_date DESC NULLS LAST, recorded_date DESC, condition_id
