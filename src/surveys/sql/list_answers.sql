-- What a patient answered, newest first; $1 organization, $2 patient
SELECT patient_id, answer_id, episode_id, site_id, survey, survey_version, point, answered_date, answered_at, language, declined, answers, labels, answered_by
FROM survey_answer WHERE organization_id = $1 AND patient_id = $2 ORDER BY answered_at DESC, answer_id DESC
