-- Services billed elsewhere for a range of patients on some days; $1 organization, $2 first patient, $3 last patient, $4 first day, $5 last day
SELECT patient_id, service_date, code, practitioner FROM outside_service
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3 AND service_date >= $4 AND service_date <= $5 AND removed_at IS NULL
