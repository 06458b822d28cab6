-- A change of dose; $1 organization, then the columns in order
INSERT INTO treatment_change (organization_id, patient_id, treatment_id, change_date, change_id, from_dose, to_dose, reason, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
