-- Jobs of a kind that may be taken now, in any organization; $1 kind, $2 now, $3 at most
SELECT organization_id, job_id, job_key, payload, state, attempts, most_attempts, created_at
FROM job WHERE kind = $1 AND finished_at IS NULL AND available_at <= $2
ORDER BY available_at, organization_id, job_id LIMIT $3
FOR UPDATE SKIP LOCKED
