-- Jobs of an organization in a state, oldest first; $1 organization, $2 state, $3 at most
SELECT organization_id, job_id, kind, job_key, payload, state, available_at, attempts, most_attempts, created_at, finished_at
FROM job WHERE organization_id = $1 AND state = $2
ORDER BY created_at, job_id LIMIT $3
