-- A changed row is written anew; $1 organization, $2 patient, $3 id
DELETE FROM care_plan
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3
