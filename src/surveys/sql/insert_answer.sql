-- A patient's answers, unless that point was answered already; $1 organization, then the columns in order
INSERT INTO survey_answer (organization_id, patient_id, answer_id, episode_id, site_id, survey, survey_version, point, answered_date, answered_at, language, declined, answers, labels, answered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (organization_id, patient_id, episode_id, survey, point) DO NOTHING
