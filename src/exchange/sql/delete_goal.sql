-- A changed row is written anew; $1 organization, $2 patient, $3 id
DELETE FROM goal
WHERE organization_id = $1 AND patient_id = $2 AND goal_id = $3
