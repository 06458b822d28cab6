-- Leases a job if it is still at the attempt that was seen; $1 organization, $2 job, $3 attempts seen, $4 end of the lease
UPDATE job SET state = 'leased', attempts = attempts + 1, available_at = $4
WHERE organization_id = $1 AND job_id = $2 AND attempts = $3 AND finished_at IS NULL
