-- Points a decision to the later one; $1 organization, $2 patient, $3 decision, $4 the later one
UPDATE decision SET replaced_by = $4, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND decision_id = $3 AND replaced_by IS NULL
