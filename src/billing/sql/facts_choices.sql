-- Decisions between families of codes for a range of patients; $1 organization, $2 first patient, $3 last patient, $4 first day, $5 last day
SELECT patient_id, month_start, family FROM billing_choice
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND month_start >= $4 AND month_start <= $5
