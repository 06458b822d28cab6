-- Conditions that were known; of before there was a time of entry: since the day they carry; $1 organization, $2 when, $3 its day
SELECT patient_id, code, code_system, onset_date, recorded_date, condition_id
FROM patient_condition
WHERE organization_id = $1 AND code IS NOT NULL AND (recorded_at <= $2 OR (recorded_at IS NULL AND recorded_date <= $3))
