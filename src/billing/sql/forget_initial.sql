-- The initial code of a month was not billed after all; $1 organization, $2 site, $3 month, $4 patient
UPDATE billing_course SET initial_month = NULL
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3 AND patient_id = $4 AND initial_month = $3
