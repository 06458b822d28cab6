-- Hospital stays of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, admit_date, admit_minute, discharge_date, discharge_minute FROM inpatient_stay
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND removed_at IS NULL
