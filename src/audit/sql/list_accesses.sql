-- Who looked at a patient's record, newest first; $1 organization, $2 patient, $3 before this instant, $4 limit.
-- Columns: at, actor kind, actor, actor's name, role, action, result.
SELECT e.at, e.actor_kind, e.actor_id, u.display_name, e.role, e.action, e.result
FROM audit_event e
LEFT JOIN user_account u ON u.organization_id = e.organization_id AND u.user_id = e.actor_id
WHERE e.organization_id = $1 AND e.patient_id = $2 AND e.at < $3
ORDER BY e.at DESC, e.chain, e.sequence DESC LIMIT $4
