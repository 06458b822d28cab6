-- Answers to a survey at a site; $1 organization, $2 site, $3 survey, $4 first day, $5 last day
SELECT patient_id, answer_id, episode_id, site_id, survey, survey_version, point, answered_date, answered_at, language, declined, answers, labels, answered_by
FROM survey_answer WHERE organization_id = $1 AND site_id = $2 AND survey = $3 AND answered_date BETWEEN $4 AND $5
