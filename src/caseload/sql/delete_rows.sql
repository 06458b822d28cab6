-- Removes the rows of a range of patients; $1 organization, $2 first patient, $3 last patient
DELETE FROM caseload_row WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
