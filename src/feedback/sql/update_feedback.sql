-- Feedback after an act, if its version is still the one that was read; $1 organization, $2 feedback, $3 that version, then the columns
UPDATE feedback SET state = $4, answer = $5, answered_by = $6, answered_at = $7, closed_by = $8, closed_at = $9, version = version + 1
WHERE organization_id = $1 AND feedback_id = $2 AND version = $3
