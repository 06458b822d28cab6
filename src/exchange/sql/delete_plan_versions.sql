-- The version of an imported plan that is written anew; $1 organization, $2 patient, $3 plan
DELETE FROM care_plan_version
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3
