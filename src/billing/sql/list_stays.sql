-- A patient's hospital stays, newest first; $1 organization, $2 patient
SELECT stay_id, kind, admit_date, admit_minute, discharge_date, discharge_minute, version FROM inpatient_stay
WHERE organization_id = $1 AND patient_id = $2 AND removed_at IS NULL ORDER BY admit_date DESC, stay_id DESC
