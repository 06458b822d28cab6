-- A version takes effect, is replaced or withdrawn; $1 organization, $2 patient, $3 plan, $4 number, $5 state, $6 in effect since, $7 replaced on
UPDATE care_plan_version SET state = $5, effective_date = $6, replaced_date = $7
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3 AND plan_version = $4
