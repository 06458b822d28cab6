-- Records how an attempt ended; $1 organization, $2 job, $3 attempt, $4 outcome, $5 now, $6 error or NULL
UPDATE job_attempt SET outcome = $4, ended_at = $5, error = $6
WHERE organization_id = $1 AND job_id = $2 AND attempt = $3 AND outcome = 'running'
