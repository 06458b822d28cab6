-- Counts a change of the plan, if its version is still the one that was edited; $1 organization, $2 patient, $3 plan, $4 that version
UPDATE care_plan SET version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3 AND version = $4
