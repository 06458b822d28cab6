-- A changed row is written anew; $1 organization, $2 patient, $3 id
DELETE FROM review
WHERE organization_id = $1 AND patient_id = $2 AND review_id = $3
