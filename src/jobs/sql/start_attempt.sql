-- Records that an attempt began; $1 organization, $2 job, $3 attempt, $4 worker, $5 now
INSERT INTO job_attempt (organization_id, job_id, attempt, worker_id, started_at, outcome)
VALUES ($1, $2, $3, $4, $5, 'running')
