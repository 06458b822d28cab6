-- Scores of a range of patients; $1 organization, $2 first patient, $3 last patient
SELECT patient_id, measurement_id, instrument, informant, administered_date, administered_at, entered_at, total, valid, safety,
  replaced_by_id, mode, entered_by, seen_at, source
FROM measurement
WHERE organization_id = $1 AND patient_id BETWEEN $2 AND $3
ORDER BY patient_id
