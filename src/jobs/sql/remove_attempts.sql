-- Removes a job's attempts; $1 organization, $2 job
DELETE FROM job_attempt WHERE organization_id = $1 AND job_id = $2
