-- Enrolled episodes of a range of patients; $1 organization, $2 first patient, $3 last patient, $4 last day
SELECT patient_id, enrolled_date, closed_date, billing_practitioner FROM episode
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND enrolled_date <= $4
