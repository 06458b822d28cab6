-- Valid depression and suicide risk scores that were not corrected, in the order of entry; $1 organization
SELECT patient_id, measurement_id, instrument, administered_at, administered_date, total
FROM measurement
WHERE organization_id = $1 AND valid AND replaced_by_id IS NULL
  AND instrument IN ('phq-2', 'phq-9', 'phq-9m', 'c-ssrs-screener')
ORDER BY patient_id, administered_at, measurement_id
