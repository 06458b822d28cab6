-- Appends an entry; $1 organization, $2 chain, $3 sequence, $4 at, $5 actor kind, $6 actor, $7 role, $8 action,
-- $9 patient, $10 object, $11 result, $12 reason, $13 detail, $14 request id, $15 hash.
INSERT INTO audit_event (organization_id, chain, sequence, at, actor_kind, actor_id, role, action, patient_id, object_id,
  result, reason, detail, request_id, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
