-- Gives a dead job a new set of attempts; $1 organization, $2 job, $3 now, $4 more attempts
UPDATE job SET state = 'queued', finished_at = NULL, available_at = $3, most_attempts = attempts + $4
WHERE organization_id = $1 AND job_id = $2 AND state = 'dead'
