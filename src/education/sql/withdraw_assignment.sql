-- Takes an assignment back if the version is still the one that was seen; $1 organization, $2 patient, $3 assignment,
-- $4 that version, $5 who, $6 when, $7 why
UPDATE education_assignment SET withdrawn_by = $5, withdrawn_at = $6, withdrawn_reason = $7, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND assignment_id = $3 AND version = $4 AND withdrawn_at IS NULL
