-- A chain in order; $1 organization, $2 chain. Columns: sequence, at, actor kind, actor, role, action, patient, object,
-- result, reason, detail, request id, hash.
SELECT sequence, at, actor_kind, actor_id, role, action, patient_id, object_id, result, reason, detail, request_id, hash
FROM audit_event WHERE organization_id = $1 AND chain = $2 ORDER BY sequence
