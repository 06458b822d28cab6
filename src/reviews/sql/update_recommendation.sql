-- What became of a recommendation, if the version is still the one that was edited; $1 organization, $2 patient, $3 date, $4 review, $5 that version, then the columns
UPDATE review SET recommendation_state = $6, answered_date = $7, answer_reason = $8, done_date = $9, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND review_date = $3 AND review_id = $4 AND version = $5
