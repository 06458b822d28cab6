-- A batch is planned, if nobody else has; $1 organization, $2 site, $3 day, $4 after which patient it began, $5 the last one, then what is added
UPDATE reminder_run SET after_patient_id = $5, patients = patients + $6, check_ins = check_ins + $7, reminders = reminders + $8,
  visits = visits + $9, asked = asked + $10, not_possible = not_possible + $11, finished_at = $12
WHERE organization_id = $1 AND site_id = $2 AND day = $3 AND after_patient_id = $4 AND finished_at IS NULL
