-- Valid scores that were known, in the order of entry, also those that were corrected; $1 organization, $2 when
SELECT patient_id, instrument, informant, administered_date, administered_at, total, subscales, measurement_id
FROM measurement
WHERE organization_id = $1 AND valid AND total IS NOT NULL AND COALESCE(recorded_at, entered_at) <= $2
ORDER BY patient_id, administered_at, measurement_id
