-- A question is answered or withdrawn, if the version is still the one that was read; $1 organization, $2 patient, $3 question, $4 that version, then the columns
UPDATE review_question SET state = $5, review_id = $6, ended_at = $7, withdraw_reason = $8, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND question_id = $3 AND version = $4
