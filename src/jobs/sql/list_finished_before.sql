-- Done jobs in all organizations that ended before a time, for the clean-up; $1 time, $2 at most
SELECT organization_id, job_id FROM job WHERE finished_at < $1 AND state = 'done' ORDER BY finished_at LIMIT $2
