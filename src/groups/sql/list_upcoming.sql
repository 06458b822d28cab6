-- Planned sessions that start in a time, once for each patient who has joined, by start, without confidential members; $1 organization, $2 from, $3 until, $4 how many
SELECT s.session_id, m.patient_id, s.starts_at
FROM group_session s JOIN group_member m ON m.organization_id = s.organization_id AND m.group_id = s.group_id
WHERE s.organization_id = $1 AND s.state = 'planned' AND s.starts_at >= $2 AND s.starts_at < $3 AND m.state = 'joined' AND m.labels = 'normal'
ORDER BY s.starts_at, s.session_id, m.patient_id LIMIT $4
