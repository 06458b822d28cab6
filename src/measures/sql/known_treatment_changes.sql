-- Changes of dose that were known; of before there was a time of entry: since their day; $1 organization, $2 when, $3 its day
SELECT patient_id, change_date, change_id
FROM treatment_change
WHERE organization_id = $1 AND (recorded_at <= $2 OR (recorded_at IS NULL AND change_date <= $3))
