-- One job; $1 organization, $2 job
SELECT organization_id, job_id, kind, job_key, payload, state, available_at, attempts, most_attempts, created_at, finished_at
FROM job WHERE organization_id = $1 AND job_id = $2
