-- Notes that a consent was withdrawn if the version is still the one that was edited; $1 organization, $2 patient, $3 consent, $4 that version, $5 date
UPDATE consent SET withdrawn_date = $5, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND consent_id = $3 AND version = $4
