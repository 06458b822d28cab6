-- Version of a row that may be there already; $1 organization, $2 patient, $3 id
SELECT CAST(1 AS BIGINT) FROM practice_visit
WHERE organization_id = $1 AND patient_id = $2 AND visit_id = $3
