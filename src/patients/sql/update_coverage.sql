-- Changes a coverage period if the version is still the one that was edited; $1 organization, $2 patient, $3 coverage, $4 that version, $5 payer category, $6 plan, $7 start, $8 end
UPDATE coverage SET payer_category = $5, plan_name = $6, start_date = $7, end_date = $8, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND coverage_id = $3 AND version = $4
