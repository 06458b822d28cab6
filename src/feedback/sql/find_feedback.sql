-- One piece of feedback; $1 organization, $2 feedback
SELECT feedback_id, patient_id, site_id, sent_at, topic, words, language, anonymous, state, answer, answered_by, answered_at, closed_by, closed_at, labels, version
FROM feedback WHERE organization_id = $1 AND feedback_id = $2
