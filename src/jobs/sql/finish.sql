-- Ends a leased job if this attempt still holds it; $1 organization, $2 job, $3 attempt, $4 'done' or 'dead', $5 now
UPDATE job SET state = $4, finished_at = $5, available_at = $5
WHERE organization_id = $1 AND job_id = $2 AND attempts = $3 AND state = 'leased'
