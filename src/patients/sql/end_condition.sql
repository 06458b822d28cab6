-- A condition ended, if the version is still the one that was edited; $1 organization, $2 patient, $3 condition, $4 that version, $5 status, $6 date
UPDATE patient_condition SET clinical_status = $5, ended_date = $6, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND condition_id = $3 AND version = $4
