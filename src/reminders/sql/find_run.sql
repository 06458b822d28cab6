-- How far a site's day is; $1 organization, $2 site, $3 day
SELECT after_patient_id, patients, check_ins, reminders, visits, asked, not_possible, started_at, finished_at FROM reminder_run
WHERE organization_id = $1 AND site_id = $2 AND day = $3
