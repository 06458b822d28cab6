-- What a patient weighed before deciding; $1 organization, $2 patient
SELECT aid, aid_version, weights, leaning, words, labels, saved_by, on_behalf_by, saved_at, version
FROM decision_preparation WHERE organization_id = $1 AND patient_id = $2 ORDER BY aid
