-- What a patient said about the care, newest first; $1 organization, $2 patient
SELECT feedback_id, patient_id, site_id, sent_at, topic, words, language, anonymous, state, answer, answered_by, answered_at, closed_by, closed_at, labels, version
FROM feedback WHERE organization_id = $1 AND patient_id = $2 ORDER BY sent_at DESC, feedback_id DESC
