-- A site may use a survey, in these words; $1 organization, then the columns in order
INSERT INTO survey_permission (organization_id, site_id, survey, valid_from, permitted_by, reference, words, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organization_id, site_id, survey, valid_from) DO NOTHING
