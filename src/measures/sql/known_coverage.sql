-- Coverage that was known; of before there was a time of entry: since the patient is; $1 organization, $2 when
SELECT patient_id, payer_category, start_date, end_date, coverage_id
FROM coverage
WHERE organization_id = $1 AND (recorded_at <= $2 OR recorded_at IS NULL)
