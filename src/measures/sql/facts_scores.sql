-- Valid scores that were not corrected, in the order of entry; $1 organization
SELECT patient_id, instrument, informant, administered_date, administered_at, total, subscales
FROM measurement
WHERE organization_id = $1 AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
ORDER BY patient_id, administered_at, measurement_id
