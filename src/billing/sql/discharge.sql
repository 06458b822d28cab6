-- Ends a hospital stay if the version is still the one that was edited; $1 organization, $2 patient, $3 stay, $4 that version, $5 day, $6 minute
UPDATE inpatient_stay SET discharge_date = $5, discharge_minute = $6, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND stay_id = $3 AND version = $4 AND removed_at IS NULL
