-- Feedback of a site, newest first; $1 organization, $2 site, $3 and $4 before this time and row, $5 one state or NULL, $6 how many
SELECT feedback_id, patient_id, site_id, sent_at, topic, words, language, anonymous, state, answer, answered_by, answered_at, closed_by, closed_at, labels, version
FROM feedback WHERE organization_id = $1 AND site_id = $2 AND (sent_at < $3 OR (sent_at = $3 AND feedback_id < $4))
  AND (state = $5 OR $5 IS NULL)
ORDER BY sent_at DESC, feedback_id DESC LIMIT $6
