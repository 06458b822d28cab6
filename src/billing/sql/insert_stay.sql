-- A hospital stay; $1 organization, then the columns in order
INSERT INTO inpatient_stay (organization_id, patient_id, admit_date, stay_id, kind, admit_minute, discharge_date, discharge_minute,
  recorded_by, recorded_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
