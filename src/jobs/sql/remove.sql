-- Removes a done job; $1 organization, $2 job
DELETE FROM job WHERE organization_id = $1 AND job_id = $2 AND state = 'done'
