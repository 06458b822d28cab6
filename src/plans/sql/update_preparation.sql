-- What a patient weighs, again, if nobody saved since; $1 organization, $2 patient, $3 aid, then the columns, $12 the version that was read
UPDATE decision_preparation SET aid_version = $4, weights = $5, leaning = $6, words = $7, labels = $8, saved_by = $9, on_behalf_by = $10,
  saved_at = $11, version = version + 1
WHERE organization_id = $1 AND patient_id = $2 AND aid = $3 AND version = $12
