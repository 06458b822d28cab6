-- Every permission; $1 organization
SELECT site_id, survey, valid_from, permitted_by, reference, words, recorded_by, recorded_at FROM survey_permission WHERE organization_id = $1
ORDER BY site_id, survey, valid_from
