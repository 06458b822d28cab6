-- Treatments that were known; of before there was a time of entry: since they began; $1 organization, $2 when, $3 its day
SELECT patient_id, start_date, stop_date, treatment_id
FROM treatment
WHERE organization_id = $1 AND (recorded_at <= $2 OR (recorded_at IS NULL AND start_date <= $3))
