-- Queues a job, unless its id or an unfinished job with its key is there; $1 organization, $2 job, $3 kind, $4 key or NULL, $5 payload, $6 available at, $7 most attempts, $8 now
INSERT INTO job (organization_id, job_id, kind, job_key, payload, state, available_at, attempts, most_attempts, created_at)
VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, $7, $8)
ON CONFLICT DO NOTHING
