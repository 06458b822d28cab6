-- Messages of others after one, and in how many of them somebody is mentioned; $1 organization, $2 patient, $3 message, $4 who asks,
-- $5 TRUE when they may see what is for treating clinicians
SELECT COUNT(*), COUNT(n.user_id) FROM team_message m LEFT JOIN team_mention n ON n.organization_id = m.organization_id
  AND n.patient_id = m.patient_id AND n.message_id = m.message_id AND n.user_id = $4
WHERE m.organization_id = $1 AND m.patient_id = $2 AND m.message_id > $3 AND m.author_id <> $4
  AND (m.treating_only = FALSE OR m.treating_only = $5)
