-- The attempts at a job, in order; $1 organization, $2 job
SELECT attempt, worker_id, started_at, ended_at, outcome, error
FROM job_attempt WHERE organization_id = $1 AND job_id = $2 ORDER BY attempt
