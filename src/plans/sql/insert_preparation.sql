-- What a patient weighs, for the first time; $1 organization, then the columns in order, $12 the version, 1
INSERT INTO decision_preparation (organization_id, patient_id, aid, aid_version, weights, leaning, words, labels, saved_by, on_behalf_by, saved_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (organization_id, patient_id, aid) DO NOTHING
