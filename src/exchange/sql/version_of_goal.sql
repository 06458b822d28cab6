-- Version of a row that may be there already; $1 organization, $2 patient, $3 id
SELECT version FROM goal
WHERE organization_id = $1 AND patient_id = $2 AND goal_id = $3
