-- Other words for a draft; $1 organization, $2 patient, $3 plan, $4 number of the version, $5 language, $6 content
UPDATE care_plan_version SET language = $5, content = $6
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3 AND plan_version = $4 AND state = 'draft'
