-- How many threads of a site wait for an answer; $1 organization, $2 site
SELECT COUNT(*) FROM patient_thread WHERE organization_id = $1 AND site_id = $2 AND state = 'waiting'
