-- The newest permission of a site that holds on a day; $1 organization, $2 site, $3 survey, $4 day
SELECT site_id, survey, valid_from, permitted_by, reference, words, recorded_by, recorded_at FROM survey_permission
WHERE organization_id = $1 AND site_id = $2 AND survey = $3 AND valid_from <= $4 ORDER BY valid_from DESC LIMIT 1
