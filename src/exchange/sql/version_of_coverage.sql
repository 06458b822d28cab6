-- Version of a row that may be there already; $1 organization, $2 patient, $3 id
SELECT version FROM coverage
WHERE organization_id = $1 AND patient_id = $2 AND coverage_id = $3
