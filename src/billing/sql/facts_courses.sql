-- Where courses stood after a closed month of a site; $1 organization, $2 site, $3 month, $4 first patient, $5 last patient
SELECT patient_id, first_service_date, last_service_date, initial_month FROM billing_course
WHERE organization_id = $1 AND site_id = $2 AND month_start = $3 AND patient_id BETWEEN $4 AND $5
