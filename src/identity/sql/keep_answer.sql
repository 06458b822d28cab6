-- Remembers an answer; $1 organization, $2 user, $3 key, $4 digest, $5 status, $6 location, $7 version, $8 body, $9 now.
INSERT INTO idempotency_key (organization_id, user_id, idempotency_key, request_digest, status, location, version, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
