-- An outside identifier of a patient; $1 organization, $2 patient, $3 system, $4 value
INSERT INTO patient_identifier (organization_id, patient_id, system, value) VALUES ($1, $2, $3, $4)
