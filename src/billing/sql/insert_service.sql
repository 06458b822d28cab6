-- A service billed elsewhere; $1 organization, then the columns in order
INSERT INTO outside_service (organization_id, patient_id, service_date, service_id, code, practitioner, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
