-- A site's day begins, unless it has; $1 organization, $2 site, $3 day, $4 the lowest id, $5 now
INSERT INTO reminder_run (organization_id, site_id, day, after_patient_id, patients, check_ins, reminders, visits, asked,
  not_possible, started_at)
VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, $5) ON CONFLICT DO NOTHING
