-- Coverage of a range of patients that began by a day; $1 organization, $2 first patient, $3 last patient, $4 last day
SELECT patient_id, start_date, end_date, payer_category, plan_name FROM coverage
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND start_date <= $4
