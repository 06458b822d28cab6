-- Answers to surveys; $1 organization, $2 first and $3 last patient
SELECT patient_id, episode_id, survey, answered_date, declined, answers
FROM survey_answer
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3
