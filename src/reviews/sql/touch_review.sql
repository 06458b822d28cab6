-- A review after something about it has changed, if the version is still the one that was read; $1 organization, $2 patient, $3 date, $4 review, $5 that version
UPDATE review SET version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND review_date = $3 AND review_id = $4 AND version = $5
