-- Visits at the practice that were known; of before there was a time of entry: since their day; $1 organization, $2 when, $3 its day
SELECT patient_id, visit_date, provider_category, modality, billing_codes, visit_id
FROM practice_visit
WHERE organization_id = $1 AND (recorded_at <= $2 OR (recorded_at IS NULL AND visit_date <= $3))
