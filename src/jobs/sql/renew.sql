-- Moves the end of a lease that this attempt still holds; $1 organization, $2 job, $3 attempt, $4 new end
UPDATE job SET available_at = $4
WHERE organization_id = $1 AND job_id = $2 AND attempts = $3 AND state = 'leased'
