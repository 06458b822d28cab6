-- Queues a leased job again if this attempt still holds it; $1 organization, $2 job, $3 attempt, $4 available at
UPDATE job SET state = 'queued', available_at = $4
WHERE organization_id = $1 AND job_id = $2 AND attempts = $3 AND state = 'leased'
